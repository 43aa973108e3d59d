/**
 * Schedules about names alone: people on both sides of a long split register one name, delete their accounts and
 * register again, while compaction erases the names of accounts that are gone.
 *
 * @module
 */

import type { Chance } from "./chance.ts";
import type { Fault, FaultKind, Operation, OperationKind, Schedule } from "./schedule.ts";

/** Duration of the operations, ms: several passes of compaction. */
const SPAN_MS = 40_000;

/** Numbers of further splits, of ended processes and of jumps of a clock. */
const SPLITS = 2;
const ENDS = 6;
const JUMPS = 4;

/** Ways in which a process ends. */
const ENDINGS: readonly FaultKind[] = ["kill", "crash", "stop", "wipe"];

/** Largest jump of a clock, ms: more than an account lives, and more than nodes allow one another. */
const JUMP_MS_MAX = 90_000;

/** Often enough, an account lives for a few seconds only. */
const KINDS: readonly OperationKind[] = [
  "deleteAccount",
  "comeBack",
  "comeBack",
  "send",
  "resend",
  "listUsers",
];

/** A schedule about names, with the number of machines and the delays of another one. */
export function aboutNames(schedule: Schedule, chance: Chance): Schedule {
  const { settings, operations, healsAtMs } = schedule;
  const factor = SPAN_MS / healsAtMs;
  const { machines } = settings;
  const hasJumps = chance.is(0.5);
  const faults = [
    // The first one lasts for more than two passes, in which everything that was written before is erased.
    splitOf(chance, machines, chance.between(500, 4_000), chance.between(18_000, 26_000)),
    ...Array.from(
      { length: SPLITS },
      (): Fault => splitOf(chance, machines, chance.between(0, SPAN_MS), chance.between(2_000, 15_000)),
    ),
    ...Array.from({ length: ENDS }, (): Fault => endOf(chance, machines)),
    ...hasJumps ? Array.from({ length: JUMPS }, (): Fault => jumpOf(chance, machines)) : [],
  ];
  return {
    ...schedule,
    settings: { ...settings, names: 1, isCompacting: true, backlog: 0, joinsAtMs: undefined },
    operations: operations.map((each): Operation => ({
      ...each,
      atMs: each.atMs * factor,
      kind: chance.pick(KINDS),
    })),
    faults: faults.sort((a, b) => a.atMs - b.atMs),
    healsAtMs: SPAN_MS + 1_000,
  };
}

function splitOf(chance: Chance, machines: number, atMs: number, forMs: number): Fault {
  const other = chance.whole(1, 2 ** machines - 2);
  return { atMs, kind: "partition", machine: 0, other, forMs, amount: 1 };
}

function endOf(chance: Chance, machines: number): Fault {
  const kind = chance.pick(ENDINGS);
  const atMs = chance.between(0, SPAN_MS);
  const forMs = chance.between(10, 2_500);
  return { atMs, kind, machine: chance.below(machines), other: 0, forMs, amount: 1 };
}

function jumpOf(chance: Chance, machines: number): Fault {
  const atMs = chance.between(0, SPAN_MS);
  const amount = chance.between(-JUMP_MS_MAX, JUMP_MS_MAX);
  return { atMs, kind: "clockJump", machine: chance.below(machines), other: 0, forMs: 1, amount };
}
