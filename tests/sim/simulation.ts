/**
 * One schedule from beginning to end: the faults, the healing, half a minute of peace, and the checks at the
 * end.
 *
 * @module
 */

import type { Event } from "../../server/core/events.ts";
import { bring } from "./faults.ts";
import { DIGESTED, idleEvents } from "./idle_events.ts";
import { withoutReality } from "./reality.ts";
import type { ArchiveCounts } from "./archive_events.ts";
import type { Violation } from "./checks.ts";
import { checkEnd } from "./invariants/end.ts";
import { checkFold } from "./invariants/fold.ts";
import { operate } from "./operators.ts";
import type { FaultKind, Schedule, WorldSettings } from "./schedule.ts";
import { World, type WorldOptions } from "./world.ts";

/** Time after healing in which the nodes must become equal, and in which the clients fall silent, ms. */
const PEACE_MS = 30_000;
const QUIET_MS = 20_000;

/** The result of a schedule. */
export interface Result {
  readonly violation: Violation | undefined;
  /** Hash of all events. */
  readonly traceHash: number;
  readonly trace: readonly string[];
  /** Evaluations of each invariant, and steps that the servers made. */
  readonly evaluations: readonly number[];
  readonly steps: number;
  /** Messages that were not in the memory of their server at the end. */
  readonly evicted: number;
  readonly archives: ArchiveCounts;
  readonly faults: ReadonlyMap<FaultKind, number>;
}

/** Runs a schedule. */
export function simulate(schedule: Schedule, options: WorldOptions = {}): Result {
  return withoutReality(() => {
    const world = new World(schedule, options);
    try {
      play(world, schedule);
    } catch (error) {
      world.checks.check(10, false, () => `the world throws ${(error as Error).stack}`);
    }
    const { violation, evaluations, steps, evicted, archives } = world.checks;
    const { trace: { hash, lines }, faults } = world;
    return { violation, traceHash: hash, trace: lines, evaluations, steps, evicted, archives, faults };
  });
}

function play(world: World, { settings, operations, faults, acts, healsAtMs }: Schedule): void {
  begin(world, settings);
  // Compaction also meets what versions before 1.1 have left.
  if (settings.isCompacting && faults.length > 0) write(world, [DIGESTED]);
  if (settings.joinsAtMs !== undefined) world.at(settings.joinsAtMs, () => join(world));
  for (const operation of operations) {
    world.at(operation.atMs, () => world.clients[operation.client]?.add(operation));
  }
  for (const fault of faults) world.at(fault.atMs, () => bring(world, fault));
  for (const act of acts) world.at(act.atMs, () => operate(world, act));
  const looksAtMs = world.chance.between(0, healsAtMs);
  world.at(looksAtMs, () => checkFold(world));
  world.runUntil(healsAtMs);
  heal(world);
  world.at(healsAtMs + QUIET_MS, () => world.isQuiet = true);
  world.runUntil(healsAtMs + PEACE_MS);
  if (world.checks.violation === undefined) checkEnd(world);
}

function begin(world: World, { backlog }: WorldSettings): void {
  const { machines } = world;
  machines[0]?.start();
  if (backlog > 0) write(world, idleEvents(backlog));
  for (const machine of machines) if (machine.hasJoined) machine.start();
}

function write({ machines: [first] }: World, events: readonly Event[]): void {
  first?.process?.run(() => first.process?.node.apply(events));
}

/** Makes the last machine a member: starts it, and reloads the configuration of the others. */
function join(world: World): void {
  for (const machine of world.machines) {
    if (machine.hasJoined) continue;
    machine.hasJoined = true;
    world.trace.add(machine.name, "joins");
    machine.start();
  }
  for (const { process } of world.machines) process?.reload();
}

function heal(world: World): void {
  world.trace.add("world", "heals");
  world.isHealed = true;
  join(world);
  world.wires.heal();
  for (const machine of world.machines) {
    machine.disk.heal();
    machine.clock.heal();
    machine.process?.thaw();
    machine.start();
  }
}
