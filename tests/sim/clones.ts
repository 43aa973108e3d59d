/**
 * Schedules in which a data folder is copied and both copies are used, one after the other. The fork must be
 * detected and named, and the remedy that the message names must work.
 *
 * @module
 */

import { wholeState } from "./invariants/residency.ts";
import { stateDigest } from "../testing/state_digest.ts";
import { Chance } from "./chance.ts";
import { bring } from "./faults.ts";
import type { Machine } from "./machine.ts";
import { withoutReality } from "./reality.ts";
import type { FaultKind, Schedule } from "./schedule.ts";
import { scheduleOf } from "./swarm.ts";
import { World } from "./world.ts";

/** Faults that may come on top; none of them changes the content of a disk. */
const FAULTS: ReadonlySet<FaultKind> = new Set([
  "cutOneWay",
  "cutBothWays",
  "reset",
  "freeze",
  "dropClients",
  "slow",
]);

/** Time in which the nodes must find each other after healing, ms. */
const PEACE_MS = 30_000;

/** The result of one schedule. */
export interface CloneResult {
  /** True if other nodes had entries that the copy lacks: only then is the fork detectable. */
  readonly isVisible: boolean;
  /** True if a node took entries of the second copy before the fork was detectable. */
  readonly hasSpread: boolean;
  /** The failure; `undefined` if there is none. */
  readonly problem: string | undefined;
}

/** Runs the schedule of a seed with a copied data folder. */
export function simulateClone(seed: number): CloneResult {
  return withoutReality(() => {
    const schedule = scheduleOf(seed);
    const settings = { ...schedule.settings, joinsAtMs: undefined, backlog: 0 };
    const world = new World({ ...schedule, settings }, { isDisturbed: true });
    return new CloneRun(world, schedule).run();
  });
}

class CloneRun {
  readonly #world: World;
  readonly #schedule: Schedule;
  readonly #machine: Machine;
  #origin = "";
  #copiedSeq = 0;
  #isVisible = false;

  constructor(world: World, schedule: Schedule) {
    this.#world = world;
    this.#schedule = schedule;
    this.#machine = new Chance(schedule.seed, "clone").pick(world.machines);
  }

  run(): CloneResult {
    const { operations, faults, healsAtMs } = this.#schedule;
    const world = this.#world;
    for (const machine of world.machines) machine.start();
    for (const operation of operations) {
      world.at(operation.atMs, () => world.clients[operation.client]?.add(operation));
    }
    for (const fault of faults) {
      if (FAULTS.has(fault.kind)) world.at(fault.atMs, () => bring(world, fault));
    }
    world.runUntil(healsAtMs / 3);
    const copy = this.#copy();
    world.runUntil((healsAtMs * 2) / 3);
    this.#restore(copy);
    world.runUntil(healsAtMs);
    this.#heal();
    world.runUntil(healsAtMs + PEACE_MS);
    const hasSpread = this.#hasSpread();
    const problem = world.checks.violation?.message ?? this.#problem(hasSpread) ??
      this.#problemAfterRemedy(hasSpread);
    return { isVisible: this.#isVisible, hasSpread, problem };
  }

  /** Stops the server, copies its data folder, and starts it again. */
  #copy(): ReadonlyMap<string, Uint8Array> {
    const machine = this.#machine;
    machine.kill();
    const copy = machine.disk.copy();
    machine.start();
    this.#origin = machine.process?.origin ?? "";
    this.#copiedSeq = machine.disk.life.version.get(this.#origin) ?? 0;
    return copy;
  }

  /** Puts the copy in place of the data folder and starts the server on it. */
  #restore(copy: ReadonlyMap<string, Uint8Array>): void {
    const machine = this.#machine;
    machine.kill();
    this.#isVisible = this.#others().some(({ disk }) =>
      (disk.life.version.get(this.#origin) ?? 0) > this.#copiedSeq
    );
    this.#world.checks.isOff = true;
    machine.disk.restore(copy);
    machine.start();
  }

  #heal(): void {
    const world = this.#world;
    world.isQuiet = true;
    world.wires.heal();
    for (const machine of world.machines) {
      machine.process?.thaw();
      machine.start();
    }
  }

  #others(): Machine[] {
    return this.#world.machines.filter((machine) => machine !== this.#machine);
  }

  /** True if the states of the other nodes differ. */
  #hasSpread(): boolean {
    const digests = this.#others().map(({ process }) => process && stateDigest(wholeState(process)));
    return new Set(digests).size > 1;
  }

  #problem(hasSpread: boolean): string | undefined {
    const { halted, name } = this.#machine;
    if (!this.#isVisible) return undefined;
    if (halted === undefined) return `${name} goes on with a copy of its data folder`;
    const isNamed = /entry \d+ of (\S+) is not the same at two nodes/.exec(halted)?.[1] === this.#origin;
    if (!isNamed) return `${name} has halted and does not say why: ${halted}`;
    const refusals = this.#others().flatMap(({ process }) => process?.mesh.status() ?? []);
    const isRefused = refusals.some(({ reason }) => reason?.includes("is not the same at two nodes"));
    return hasSpread && !isRefused ? "two other nodes differ and do not say so" : undefined;
  }

  /** Applies the remedy that the message names: moves the data folder away and starts with an empty one. */
  #problemAfterRemedy(hasSpread: boolean): string | undefined {
    if (!this.#isVisible || hasSpread) return undefined;
    const machine = this.#machine;
    machine.wipe();
    machine.halted = undefined;
    machine.start();
    this.#world.runUntil(this.#world.nowMs + PEACE_MS);
    const digests = this.#world.machines.map(({ process }) => process && stateDigest(wholeState(process)));
    return new Set(digests).size > 1 ? "the nodes are not equal although the copy was taken away" : undefined;
  }
}
