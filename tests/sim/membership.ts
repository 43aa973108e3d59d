/**
 * Schedules in which one node has a full disk, or is removed by the others, or has a slow disk. It must leave the
 * in-sync sets in time, acknowledge nothing that would stay with it, and come back.
 *
 * @module
 */

import { seqOf } from "../../server/core/version.ts";
import type { PeerStatus } from "../../server/ports/node.ts";
import { Chance } from "./chance.ts";
import { bring } from "./faults.ts";
import type { Machine } from "./machine.ts";
import { type Mutation, NO_MUTATION } from "./mutation.ts";
import { withoutReality } from "./reality.ts";
import type { FaultKind, Schedule } from "./schedule.ts";
import type { ServerProcess } from "./server_process.ts";
import { scheduleOf } from "./swarm.ts";
import { World } from "./world.ts";

/** The disturbances of one node. */
export type Disturbance = "full" | "out of memory" | "removed" | "slow";

/** Faults that may come on top: they end streams and sessions, which are opened again. */
const FAULTS: ReadonlySet<FaultKind> = new Set(["reset", "dropClients"]);

/** Beginning and end of the disturbance, and end of the schedule, ms. */
const BEGINS_MS = 6_000;
const ENDS_MS = 20_000;
const OVER_MS = 42_000;

/** Moment at which all nodes but one end beside a slow one, ms: replies must wait for it then. */
const ALONE_MS = 17_000;

/** Moment at which a removed node starts again, ms. */
const RESTARTS_MS = 13_000;

/** Interval of the entries that the other nodes write, and of the checks, ms. */
const STEP_MS = 100;

/** Time in which others must see that a disk is full, ms: a tick, and a message. */
const FULL_MS = 500;
/** Time in which a removed node must stop, ms: the longest wait before another attempt to connect, and an answer. */
const REMOVED_MS = 2_500;
/** Time in which a slow peer must leave, ms: five delays, or a stream that was reset. */
const SLOW_MS = 9_000;
/** Duration of each sync of a slow disk, ms. */
const SLOW_SYNC_MS = 300;
/** Longest time for which replies wait for the other nodes, ms. */
const WAIT_MS = 200;

/**
 * Runs the schedule of a seed with a disturbance.
 *
 * @returns the problem; `undefined` if there is none
 */
export function simulateMembership(
  seed: number,
  disturbance: Disturbance,
  mutation: Mutation = NO_MUTATION,
): string | undefined {
  return withoutReality(() => {
    const { settings, operations, faults } = scheduleOf(seed);
    const quick = { delayMs: 1, delayMsMax: 5, syncMs: 1, syncMsMax: 5, joinsAtMs: undefined, backlog: 0 };
    const schedule: Schedule = {
      seed,
      settings: { ...settings, ...quick, hasArchive: false },
      operations: operations.map((operation, i) => ({ ...operation, atMs: i * ENDS_MS / operations.length })),
      faults: faults.filter(({ kind }) => FAULTS.has(kind)),
      acts: [],
      healsAtMs: ENDS_MS,
    };
    return new MembershipRun(new World(schedule, { mutation, isDisturbed: true }), schedule, disturbance)
      .run();
  });
}

class MembershipRun {
  readonly #world: World;
  readonly #disturbance: Disturbance;
  readonly #machine: Machine;
  /** True if the other nodes write nothing, so that only time tells them of a full disk. */
  readonly #areOthersQuiet: boolean;
  #problem: string | undefined;
  /** Since when the disturbance holds without a break, ms. */
  #sinceMs: number | undefined;
  /** The longest time for which it held, ms. */
  #longestMs = 0;
  /** The machine's own entries when it must have stopped. */
  #stoppedAt: number | undefined;
  /** The entry of each other node that replies wait for, and since when. */
  readonly #awaited = new Map<ServerProcess, { readonly seq: number; readonly sinceMs: number }>();
  /** True if replies of a node waited for the slow one, which was its only peer. */
  #hasWaited = false;

  constructor(world: World, { seed, operations, faults }: Schedule, disturbance: Disturbance) {
    this.#world = world;
    this.#disturbance = disturbance;
    this.#machine = new Chance(seed, "membership").pick(world.machines);
    this.#areOthersQuiet = disturbance === "full" && seed % 2 === 0;
    for (const machine of world.machines) machine.start();
    for (const operation of operations) {
      world.at(operation.atMs, () => world.clients[operation.client]?.add(operation));
    }
    for (const fault of faults) world.at(fault.atMs, () => bring(world, fault));
  }

  run(): string | undefined {
    const world = this.#world;
    for (let ms = STEP_MS; ms <= OVER_MS && this.#problem === undefined; ms += STEP_MS) {
      world.runUntil(ms);
      if (ms === BEGINS_MS) this.#begin();
      if (ms === ALONE_MS && this.#disturbance === "slow") this.#leaveTwo();
      if (ms === RESTARTS_MS && this.#disturbance === "removed") this.#restart();
      if (ms === ENDS_MS) this.#end();
      this.#write(ms);
      if (ms > BEGINS_MS && ms < ENDS_MS) this.#check();
      this.#checkCopies();
      this.#problem ??= world.checks.violation?.message;
    }
    return this.#problem ?? this.#problemAtEnd();
  }

  #begin(): void {
    const machine = this.#machine;
    if (this.#disturbance === "full") machine.disk.fillUp(0);
    if (this.#disturbance === "out of memory") this.#setMemoryShort(true);
    if (this.#disturbance === "slow") machine.slowSyncMs = SLOW_SYNC_MS;
    if (this.#disturbance !== "removed") return;
    machine.hasJoined = false;
    for (const { process } of this.#others()) process?.reload();
  }

  #setMemoryShort(isShort: boolean): void {
    const { process } = this.#machine;
    if (process !== undefined) process.memory.isShort = isShort;
  }

  #restart(): void {
    this.#machine.kill();
    this.#machine.start();
  }

  #leaveTwo(): void {
    for (const machine of this.#others().slice(1)) {
      machine.isWanted = false;
      machine.kill();
    }
  }

  #end(): void {
    const machine = this.#machine;
    for (const other of this.#others()) other.start();
    machine.disk.files.capacityBytes = Infinity;
    machine.slowSyncMs = undefined;
    this.#setMemoryShort(false);
    this.#world.isQuiet = true;
    if (machine.hasJoined) return;
    machine.hasJoined = true;
    for (const { process } of this.#others()) process?.reload();
  }

  /** Every node has something to write now and then: one that cannot does not find out that its disk is full. */
  #write(ms: number): void {
    for (const { process } of this.#world.machines) {
      const isIt = process?.machine === this.#machine;
      // At the end all write: a peer shows only by what it acknowledges that its disk is fast again.
      const mayWrite = ms > ENDS_MS || (isIt ? this.#disturbance === "full" : !this.#areOthersQuiet);
      if (process === undefined || !mayWrite || process.log.readOnly) continue;
      process.run(() => process.node.apply([{ type: "tokensUsed", account: "nobody.1", tokens: [] }]));
    }
  }

  #check(): void {
    const { process, name } = this.#machine;
    if (process === undefined) return this.#fail(`${name} has ended`);
    const holds = this.#disturbance !== "full" || process.log.readOnly;
    this.#sinceMs = holds ? this.#sinceMs ?? this.#world.nowMs : undefined;
    if (this.#sinceMs === undefined) return;
    const forMs = this.#world.nowMs - this.#sinceMs;
    this.#longestMs = Math.max(this.#longestMs, forMs);
    if (this.#disturbance === "removed") this.#checkRemoved(process, forMs);
    else if (forMs > (this.#disturbance === "slow" ? SLOW_MS : FULL_MS)) this.#checkOut();
  }

  /** Nobody waits for the node, unless it would be the only copy. */
  #checkOut(): void {
    const others = this.#others().filter(({ process }) => process !== undefined);
    const isOnlyPeer = others.length === 1 && this.#disturbance === "slow";
    for (const { name, process } of others) {
      const waitedMs = process === undefined ? 0 : this.#waitedMs(process);
      this.#hasWaited ||= isOnlyPeer && waitedMs > 0;
      if (isOnlyPeer) continue;
      const peer = statusOf(process).find((each) => each.name === this.#machine.name);
      if (peer?.state === "in sync") {
        this.#fail(`${name} has ${peer.name} in sync, which is ${this.#disturbance}`);
      }
      if (waitedMs > WAIT_MS) this.#fail(`replies of ${name} wait for ${this.#machine.name}: ${waitedMs} ms`);
    }
  }

  /** Time for which replies have waited for an entry of a node by now, ms. */
  #waitedMs(process: ServerProcess): number {
    const { nowMs } = this.#world;
    const { node, origin, state } = process;
    const timed = this.#awaited.get(process) ?? { seq: seqOf(state.version, origin), sinceMs: nowMs };
    if (node.ports.replication.isAwaited(timed)) {
      this.#awaited.set(process, timed);
      return nowMs - timed.sinceMs;
    }
    this.#awaited.delete(process);
    return 0;
  }

  #checkRemoved({ node, origin, state }: ServerProcess, forMs: number): void {
    if (forMs < REMOVED_MS) return;
    const seq = seqOf(state.version, origin);
    this.#stoppedAt ??= seq;
    if (node.ports.replication.unavailable === undefined) this.#fail(`${origin} serves, and was removed`);
    if (seq !== this.#stoppedAt) this.#fail(`${origin} goes on writing, and was removed`);
  }

  /** Slowness alone never costs the second copy. */
  #checkCopies(): void {
    for (const { name, process } of this.#world.machines) {
      const states = statusOf(process).map(({ state }) => state);
      if (states.includes("slow") && !states.includes("in sync")) {
        this.#fail(`${name} waits for nobody: ${states}`);
      }
    }
  }

  #problemAtEnd(): string | undefined {
    if (this.#longestMs < SLOW_MS) {
      return `${this.#machine.name} was ${this.#disturbance} for ${this.#longestMs} ms only`;
    }
    if (this.#disturbance === "slow" && !this.#hasWaited) return "no reply waited for the only peer";
    for (const { name, process } of this.#world.machines) {
      if (process === undefined) return `${name} has ended`;
      const { unavailable, alone } = process.node.ports.replication;
      if ((unavailable ?? alone) !== undefined) return `${name} has not come back: ${unavailable ?? alone}`;
      const other = statusOf(process).find(({ state }) => state !== "in sync");
      if (other !== undefined) {
        return `${name} still says that ${other.name} is ${other.state}: ${other.reason}`;
      }
    }
    return undefined;
  }

  #others(): Machine[] {
    return this.#world.machines.filter((machine) => machine !== this.#machine);
  }

  #fail(problem: string): void {
    this.#problem ??= `after ${this.#world.nowMs} ms: ${problem}`;
  }
}

function statusOf(process: ServerProcess | undefined): readonly PeerStatus[] {
  return process?.node.ports.replication.status() ?? [];
}
