/**
 * Invariant 13: nodes whose clocks are more than a minute apart part, and a node notices a jump of its own
 * clock.
 *
 * @module
 */

import type { Machine } from "../machine.ts";
import type { ServerProcess } from "../server_process.ts";
import type { World } from "../world.ts";

/** Interval of the looks, ms. */
const LOOK_MS = 200;

/** Distance of two clocks, ms: over a minute, by more than a slow message or a drifting clock takes from it. */
const APART_MS = 65_000;

/** Time in which two nodes part, ms: a heartbeat, and slow messages. */
const PARTED_MS = 8_000;

/** Time in which a node notices that an earlier process of another one is gone, if nobody tells it, ms: silence. */
const SILENCE_MS = 11_000;

/** Time in which a jump is noticed, ms. */
const NOTICED_MS = 1_000;

/** Two processes, and since when their clocks are apart, ms of virtual time. */
interface Pair {
  readonly one: ServerProcess;
  readonly other: ServerProcess;
  readonly sinceMs: number;
}

/** Watches the clocks of all machines. */
export class Clocks {
  readonly #world: World;
  #lookedMs = 0;
  #pairs = new Map<string, Pair>();
  /** The last jump of each machine that was looked at, ms of virtual time. */
  readonly #noticed = new Map<Machine, number>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Something has happened: looks at the clocks now and then. */
  look(): void {
    const { nowMs, machines } = this.#world;
    if (nowMs - this.#lookedMs < LOOK_MS) return;
    this.#lookedMs = nowMs;
    for (const machine of machines) this.#checkJump(machine);
    const pairs = new Map<string, Pair>();
    for (const one of machines) {
      for (const other of machines) if (one !== other) this.#comparePair(one, other, pairs);
    }
    this.#pairs = pairs;
  }

  #comparePair(
    { process: one, clock }: Machine,
    { process: other, clock: theirs }: Machine,
    pairs: Map<string, Pair>,
  ): void {
    if (one === undefined || other === undefined || one.wasFrozen || other.wasFrozen) return;
    if (Math.abs(clock.wallMs() - theirs.wallMs()) <= APART_MS) return;
    const { checks, nowMs, wires } = this.#world;
    // Nodes that do not hear each other's clocks part by silence alone.
    if (wires.isCut(one.machine, other.machine) || wires.isCut(other.machine, one.machine)) return;
    const key = `${one.machine.name} ${other.machine.name}`;
    const known = this.#pairs.get(key);
    const isSame = known?.one === one && known.other === other;
    const sinceMs = isSame ? known.sinceMs : nowMs;
    pairs.set(key, { one, other, sinceMs });
    if (nowMs - sinceMs < PARTED_MS || nowMs - other.machine.startedMs < SILENCE_MS) return;
    const peer = one.mesh.status().find(({ name }) => name === other.machine.name);
    const isConnected = peer?.state === "in sync" || peer?.state === "behind";
    checks.check(13, !isConnected, () => `${key} talk although their clocks are far apart`);
  }

  #checkJump(machine: Machine): void {
    const { checks, nowMs } = this.#world;
    const { process, name, startedMs } = machine;
    const { jumpedMs, setMs } = machine.clock;
    if (nowMs - jumpedMs < NOTICED_MS || this.#noticed.get(machine) === jumpedMs) return;
    this.#noticed.set(machine, jumpedMs);
    if (process === undefined || process.wasFrozen || startedMs >= jumpedMs) return;
    // Taken back at once, it cannot be noticed.
    if (setMs > jumpedMs && setMs - jumpedMs < NOTICED_MS) return;
    const agoMs = process.mesh.clockJump?.agoMs ?? Infinity;
    checks.check(13, agoMs <= nowMs - jumpedMs, () => `${name} does not notice that its clock has jumped`);
  }
}
