/**
 * Schedules in which a data folder is copied and both copies run at the same time, each with clients of its own,
 * other peers and other cuts. The fork must be found by everybody who can tell the branches apart, both copies must
 * stop serving, and after the repair nothing that was acknowledged may be missing anywhere.
 *
 * @module
 */

import { giveNewOrigin, keepOrigin } from "../../server/log/new_origin.ts";
import { readForks } from "../../server/log/fork_file.ts";
import { sha256 } from "../../server/process/system_ports.ts";
import { stateDigest } from "../testing/state_digest.ts";
import { Chance } from "./chance.ts";
import { bring } from "./faults.ts";
import type { Machine } from "./machine.ts";
import type { Mutation } from "./mutation.ts";
import { withoutReality } from "./reality.ts";
import type { FaultKind, Schedule } from "./schedule.ts";
import { scheduleOf } from "./swarm.ts";
import { Replies } from "./twin_replies.ts";
import { World } from "./world.ts";

/** Faults that may come on top; none of them changes the content of a disk. */
const FAULTS: ReadonlySet<FaultKind> = new Set(["cutOneWay", "cutBothWays", "reset", "freeze", "slow"]);

/** Times of the copy and of the healing, and time for finding each other and the fork after that, ms. */
const COPY_MS = 1_500;
const HEAL_MS = 5_000;
const PEACE_MS = 15_000;

/** Operations of clients in a schedule. */
const OPERATIONS = 25;

/** Repairs until no node sees a fork: two, if a node held the other branch unawares. */
const ROUNDS = 2;

/** The result of one schedule. */
export interface TwinsResult {
  /** True if both copies wrote, so that there are two branches. */
  readonly isForked: boolean;
  /** Number of messages that either copy acknowledged after the copying. */
  readonly acknowledged: number;
  /** The failure; `undefined` if there is none. */
  readonly problem: string | undefined;
}

/** Runs the schedule of a seed with two copies of a data folder. */
export function simulateTwins(seed: number, mutation: Mutation = {}): TwinsResult {
  return withoutReality(() => {
    const schedule = scheduleOf(seed);
    const settings = {
      ...schedule.settings,
      machines: 3,
      joinsAtMs: undefined,
      backlog: 0,
      hasArchive: false,
    };
    const replies = new Replies();
    const world = new World({ ...schedule, settings }, {
      isDisturbed: true,
      mutation: { ...mutation, ...replies.mutation(mutation) },
    });
    return new TwinsRun(world, schedule, replies).run();
  });
}

class TwinsRun {
  readonly #world: World;
  readonly #schedule: Schedule;
  readonly #replies: Replies;
  readonly #chance: Chance;
  readonly #original: Machine;
  readonly #others: readonly Machine[];
  #origin = "";

  constructor(world: World, schedule: Schedule, replies: Replies) {
    this.#world = world;
    this.#schedule = schedule;
    this.#replies = replies;
    this.#chance = new Chance(schedule.seed, "twins");
    this.#original = this.#chance.pick(world.machines);
    this.#others = world.machines.filter((machine) => machine !== this.#original);
  }

  run(): TwinsResult {
    const world = this.#world;
    const { operations, faults, healsAtMs } = this.#schedule;
    for (const machine of world.machines) machine.start();
    const scale = (HEAL_MS - COPY_MS) / healsAtMs;
    // With an account, its messages go, which is no loss.
    for (const operation of operations.filter(({ kind }) => kind !== "deleteAccount").slice(0, OPERATIONS)) {
      world.at(this.#chance.between(0, HEAL_MS), () => world.clients[operation.client]?.add(operation));
    }
    world.runUntil(COPY_MS);
    world.checks.isOff = true;
    const twin = this.#copy();
    for (const fault of faults) {
      if (FAULTS.has(fault.kind)) world.at(COPY_MS + fault.atMs * scale, () => bring(world, fault));
    }
    this.#sendAt(this.#original);
    this.#sendAt(twin);
    const before = this.#replies.ids.size;
    world.runUntil(HEAL_MS);
    this.#heal(twin);
    world.runUntil(HEAL_MS + PEACE_MS);
    const acknowledged = this.#replies.ids.size - before;
    const isForked = this.#differ(this.#original, twin);
    const problem = world.checks.violation?.message ?? this.#problem(twin) ?? this.#replies.problem ??
      (isForked ? this.#problemAfterRepair(twin) : undefined);
    return { isForked, acknowledged, problem };
  }

  /** Copies the disk, and starts the node on both; the others reach one of them, or none. */
  #copy(): Machine {
    const { wires, routes } = this.#world;
    this.#original.kill();
    const twin = this.#world.addTwin(this.#original);
    this.#original.start();
    twin.start();
    this.#origin = this.#original.process?.origin ?? "";
    for (const other of this.#others) {
      if (this.#chance.is(0.5)) routes.set(`${other.name} ${twin.node}`, twin);
      for (const copy of [this.#original, twin]) {
        if (!this.#chance.is(0.4)) continue;
        wires.cut(copy, other);
        wires.cut(other, copy);
      }
    }
    const [one, two] = this.#others as [Machine, Machine];
    if (this.#chance.is(0.4)) {
      wires.cut(one, two);
      wires.cut(two, one);
    }
    return twin;
  }

  /** Lets some clients send to a copy. */
  #sendAt(copy: Machine): void {
    const world = this.#world;
    const machine = world.machines.indexOf(copy);
    for (const client of world.clients) {
      if (this.#chance.is(0.4)) continue;
      const atMs = this.#chance.between(COPY_MS + 200, HEAL_MS - 500);
      const pick = this.#chance.below(1_000);
      world.at(atMs, () => client.add({ atMs, kind: "send", client: 0, machine, pick, size: 0 }));
    }
  }

  /** Reopens everything; or each copy reaches another node only, and these reach each other. */
  #heal(twin: Machine): void {
    const world = this.#world;
    world.isQuiet = true;
    world.wires.heal();
    for (const machine of world.machines) {
      machine.process?.thaw();
      machine.start();
    }
    if (this.#chance.is(0.5)) return;
    const [one, two] = this.#others as [Machine, Machine];
    for (const [copy, other] of [[this.#original, two], [twin, one]] as const) {
      world.wires.cut(copy, other);
      world.wires.cut(other, copy);
    }
    world.routes.set(`${two.name} ${twin.node}`, twin);
    world.routes.delete(`${one.name} ${twin.node}`);
  }

  /** Stamps of the entries of the copied origin on a disk. */
  #stamps({ disk }: Machine): number[] {
    const stamps: number[] = [];
    for (const [path, bytes] of disk.copy()) {
      if (!path.startsWith("log/")) continue;
      for (const line of new TextDecoder().decode(bytes).split("\n")) {
        if (!line.startsWith(`{"origin":"${this.#origin}"`)) continue;
        stamps.push((JSON.parse(line) as { stamp: number }).stamp);
      }
    }
    return stamps;
  }

  #differ(a: Machine, b: Machine): boolean {
    const [one, other] = [this.#stamps(a), this.#stamps(b)];
    return one.slice(0, other.length).some((stamp, i) => stamp !== other[i]);
  }

  #problem(twin: Machine): string | undefined {
    const copies = [this.#original, twin];
    const third = this.#others.find(({ halted }) => halted !== undefined);
    if (third !== undefined) return `${third.name} has halted: ${third.halted}`;
    if (!this.#differ(this.#original, twin)) return undefined;
    const running = copies.filter(({ halted }) => halted === undefined);
    if (running.length === 2) return "both copies go on";
    // One goes on if nobody who could tell it holds the branch of the other.
    const differing = this.#others.find((other) => running.some((copy) => this.#differ(copy, other)));
    if (differing !== undefined) {
      return `${running[0]?.name} goes on, and ${differing.name} holds another branch`;
    }
    for (const { name, halted, disk } of copies) {
      if (halted === undefined) continue;
      if (!halted.includes(`${this.#origin} is not the same at two nodes`)) {
        return `${name} has halted: ${halted}`;
      }
      if (readForks(disk)[0]?.origin !== this.#origin) return `${name} does not keep the fork`;
    }
    const [one, two] = this.#others as [Machine, Machine];
    if (!this.#differ(one, two)) return undefined;
    const blind = this.#others.find(({ process }) => process?.mesh.forks[0]?.origin !== this.#origin);
    return blind && `${blind.name} does not know of the fork`;
  }

  /** One copy and all who hold its branch get a new origin; the copy brings its entries, and the other goes on. */
  #problemAfterRepair(twin: Machine): string | undefined {
    const world = this.#world;
    const isTwinKept = twin.halted === undefined ||
      this.#original.halted !== undefined && this.#chance.is(0.5);
    const [moved, kept] = isTwinKept ? [this.#original, twin] : [twin, this.#original];
    world.wires.heal();
    kept.kill();
    kept.isWanted = false;
    this.#giveNewOrigin([moved, ...this.#others.filter((other) => this.#differ(other, kept))]);
    this.#route(moved);
    for (const machine of [moved, ...this.#others]) machine.start();
    world.runUntil(world.nowMs + PEACE_MS);
    if (moved.halted !== undefined) return `${moved.name} has halted after its repair: ${moved.halted}`;
    moved.kill();
    moved.isWanted = false;
    this.#route(kept);
    for (let round = 1; round <= ROUNDS; round++) {
      keepOrigin(kept.disk);
      kept.halted = undefined;
      kept.start();
      world.runUntil(world.nowMs + PEACE_MS);
      if ([kept, ...this.#others].every(({ process }) => process?.mesh.forks.length === 0)) break;
      // A node held the other branch that could not know of the fork before.
      this.#giveNewOrigin(this.#others.filter((other) => this.#differ(other, kept)));
      for (const machine of this.#others) machine.start();
      world.runUntil(world.nowMs + PEACE_MS);
    }
    return this.#difference([kept, ...this.#others]);
  }

  /** Does what an operator does with `log repair --as-new-origin`. */
  #giveNewOrigin(machines: readonly Machine[]): void {
    for (const machine of machines) {
      machine.kill();
      giveNewOrigin(machine.disk, sha256, this.#world.nowMs);
      machine.halted = undefined;
    }
  }

  #route(to: Machine): void {
    for (const { name } of this.#others) this.#world.routes.set(`${name} ${to.node}`, to);
  }

  #difference(machines: readonly Machine[]): string | undefined {
    for (const { name, halted, process } of machines) {
      if (process === undefined) return `${name} does not run after the repair: ${halted}`;
      if (process.mesh.forks.length > 0) return `${name} still sees a fork after the repair`;
    }
    const digests = machines.map(({ process }) => process && stateDigest(process.state));
    if (new Set(digests).size > 1) return "the nodes are not equal after the repair";
    const messages = machines[0]?.process?.state.messages;
    const missing = [...this.#replies.ids].filter((id) => messages?.withId(id).length === 0);
    return missing.length === 0 ? undefined : `${missing.length} acknowledged messages are missing`;
  }
}
