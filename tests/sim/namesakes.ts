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

/** Number of splits, and of ended processes. */
const SPLITS = 3;
const ENDS = 6;

const ENDINGS: readonly FaultKind[] = ["kill", "crash", "stop"];

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
  const faults = [
    ...Array.from({ length: SPLITS }, (): Fault => splitOf(chance, machines)),
    ...Array.from({ length: ENDS }, (): Fault => endOf(chance, machines)),
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

function splitOf(chance: Chance, machines: number): Fault {
  const other = chance.whole(1, 2 ** machines - 2);
  const atMs = chance.between(0, SPAN_MS / 2);
  return { atMs, kind: "partition", machine: 0, other, forMs: chance.between(5_000, 25_000), amount: 1 };
}

function endOf(chance: Chance, machines: number): Fault {
  const kind = chance.pick(ENDINGS);
  const atMs = chance.between(0, SPAN_MS);
  const forMs = chance.between(10, 2_500);
  return { atMs, kind, machine: chance.below(machines), other: 0, forMs, amount: 1 };
}
