/**
 * Schedules about clocks that were wrong once: a clock is days to years ahead for a moment, and people delete messages
 * and repeat them under the stamps that stay ahead.
 *
 * @module
 */

import type { Chance } from "./chance.ts";
import type { Fault, Operation, OperationKind, Schedule } from "./schedule.ts";

const DAY_MS = 86_400_000;

/** Number of jumps. */
const JUMPS = 2;

/** Duration of a wrong clock, ms: long enough to stamp something. */
const WRONG_MS_MIN = 300;
const WRONG_MS_MAX = 2_000;

const KINDS: readonly OperationKind[] = ["send", "send", "deleteOwn", "resend", "listMessages"];

/** A schedule about clocks, with the delays and the other faults of another one. */
export function aboutClocks(schedule: Schedule, chance: Chance): Schedule {
  const { settings, operations, faults, healsAtMs } = schedule;
  const isOther = ({ kind }: Fault): boolean => kind !== "clockJump" && kind !== "clockDrift";
  const jumps = Array.from({ length: JUMPS }, (): Fault => ({
    atMs: chance.between(0.05, 0.4) * healsAtMs,
    kind: "clockJump",
    machine: chance.below(settings.machines),
    // An even number: the jump is taken back.
    other: 0,
    forMs: chance.between(WRONG_MS_MIN, WRONG_MS_MAX),
    amount: chance.between(2, 3_650) * DAY_MS,
  }));
  return {
    ...schedule,
    settings: { ...settings, isCompacting: false, backlog: 0 },
    operations: operations.map((each): Operation => ({ ...each, kind: chance.pick(KINDS) })),
    faults: [...faults.filter(isOther), ...jumps].sort((a, b) => a.atMs - b.atMs),
  };
}
