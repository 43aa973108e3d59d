/**
 * Schedules about recipients: people write to accounts, of which many are deleted while messages to them are
 * queued or repeated, and the names of which others take.
 *
 * @module
 */

import type { Chance } from "./chance.ts";
import type { Operation, OperationKind, Schedule } from "./schedule.ts";

/** Number of names: people compete for them. */
const NAMES = 2;

/** Often enough, a name changes hands while messages to its former account are repeated. */
const KINDS: readonly OperationKind[] = [
  "send",
  "send",
  "send",
  "resend",
  "resend",
  "resend",
  "deleteAccount",
  "deleteOwn",
  "comeBack",
  "listUsers",
  "listChats",
  "listMessages",
];

/** A schedule about recipients, with the faults and the delays of another one. */
export function aboutRecipients(schedule: Schedule, chance: Chance): Schedule {
  const { settings, operations } = schedule;
  return {
    ...schedule,
    settings: { ...settings, names: NAMES, hasAccountIds: true, backlog: 0 },
    operations: operations.map((each): Operation => ({ ...each, kind: chance.pick(KINDS) })),
  };
}
