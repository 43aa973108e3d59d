/**
 * Schedules about searches: people search while what they find is hidden and deleted.
 *
 * @module
 */

import type { Chance } from "./chance.ts";
import type { Operation, OperationKind, Schedule } from "./schedule.ts";

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

/** A schedule about searches, with the faults and the delays of another one. */
export function aboutSearches(schedule: Schedule, chance: Chance): Schedule {
  const { settings, operations } = schedule;
  return {
    ...schedule,
    settings: { ...settings, hasSearches: true, backlog: 0 },
    operations: operations.map((each): Operation => ({ ...each, kind: chance.pick(KINDS) })),
  };
}
