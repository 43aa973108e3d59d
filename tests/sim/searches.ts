/**
 * Schedules about searches: people search while what they find is hidden and deleted.
 *
 * @module
 */

import type { Chance } from "./chance.ts";
import type { Fault, FaultKind, Operation, OperationKind, Schedule } from "./schedule.ts";

/** Rarely enough, an account is deleted: most promises are still there at the end. */
const KINDS: readonly OperationKind[] = [
  ...Array<OperationKind>(8).fill("search"),
  ...Array<OperationKind>(8).fill("send"),
  "resend",
  "resend",
  "deleteOwn",
  "deleteOwn",
  "deleteOwn",
  "hide",
  "hide",
  "hide",
  "read",
  "listUndelivered",
  "listMessages",
  "comeBack",
  "deleteAccount",
];

/** Ends of servers, each with a start after it. An archive is ahead of a log that has lost its end. */
const ENDS: readonly FaultKind[] = ["kill", "crash", "stop", "endLost", "endLost"];

/** Share of the schedules with faults in which a log rots, too: an archive hides for a while that it is damaged. */
const ROT_SHARE = 0.35;

/** Most faults that are added to a schedule with faults, and longest time until the start, ms. */
const ENDS_MAX = 4;
const DOWN_MS_MAX = 1_500;

/** A schedule about searches, with the faults and the delays of another one, and more starts. */
export function aboutSearches(schedule: Schedule, chance: Chance): Schedule {
  const { settings, operations, faults } = schedule;
  return {
    ...schedule,
    settings: { ...settings, hasSearches: true, backlog: 0 },
    operations: operations.map((each): Operation => ({ ...each, kind: chance.pick(KINDS) })),
    faults: faults.length === 0
      ? faults
      : [...faults, ...endsOf(schedule, chance)].sort((a, b) => a.atMs - b.atMs),
  };
}

function endsOf({ settings, healsAtMs }: Schedule, chance: Chance): Fault[] {
  const end = (kinds: readonly FaultKind[]): Fault => ({
    atMs: chance.between(0.2, 1) * healsAtMs,
    kind: chance.pick(kinds),
    machine: chance.below(settings.machines),
    other: chance.below(1_000_000),
    forMs: chance.between(10, DOWN_MS_MAX),
    amount: 1,
  });
  const ends = Array.from({ length: chance.whole(1, ENDS_MAX) }, () => end(ENDS));
  return chance.is(ROT_SHARE) ? [...ends, end(["rot"])] : ends;
}
