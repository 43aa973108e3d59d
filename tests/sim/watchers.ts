/**
 * Schedules about watching: everybody watches people, who come and go, register, leave and return under other names,
 * many of them at the same time.
 *
 * @module
 */

import type { Chance } from "./chance.ts";
import type { Fault, Operation, OperationKind, Schedule } from "./schedule.ts";

const PEOPLE = 8;

/** One of so many clients stays: it watches for long, up to the end. */
const STAYING_EVERY = 3;
const STAYING: readonly OperationKind[] = [...Array<OperationKind>(9).fill("listUsers"), "send", "watch"];

/** Who deletes an account that is not there makes one before, so that it is there for a moment only. */
const COMING: readonly OperationKind[] = [
  ...Array<OperationKind>(8).fill("deleteAccount"),
  ...Array<OperationKind>(6).fill("comeBack"),
  ...Array<OperationKind>(3).fill("watch"),
  "send",
  "listUsers",
  "logOut",
];

/** Moments at which many operations come, the share of these, and their span, ms: more changes than leave at once. */
const RUSHES = 6;
const RUSH_SHARE = 0.7;
const RUSH_MS = 200;

/** Splits of the cluster, and their durations, ms: all that happened on one side comes to the other at once. */
const SPLITS = 2;
const SPLIT_MS_MIN = 2_000;
const SPLIT_MS_MAX = 9_000;

/** Share of the others' operations after healing, and their span, ms. */
const LATE_SHARE = 0.2;
const LATE_MS = 8_000;

/** A schedule about watching, with the faults and the delays of another one. */
export function aboutWatching(schedule: Schedule, chance: Chance): Schedule {
  const { settings, operations, faults, healsAtMs } = schedule;
  const clients = PEOPLE + chance.whole(0, 2);
  const rushes = Array.from({ length: RUSHES }, () => chance.between(0, healsAtMs));
  const timeOf = (atMs: number, stays: boolean): number => {
    if (!stays && chance.is(LATE_SHARE)) return healsAtMs + chance.between(0, LATE_MS);
    return chance.is(RUSH_SHARE) ? chance.pick(rushes) + chance.between(0, RUSH_MS) : atMs;
  };
  const splits = Array.from({ length: SPLITS }, (): Fault => ({
    atMs: chance.between(0, healsAtMs),
    kind: "partition",
    machine: 0,
    other: chance.whole(1, 2 ** settings.machines - 2),
    forMs: chance.between(SPLIT_MS_MIN, SPLIT_MS_MAX),
    amount: 1,
  }));
  return {
    ...schedule,
    settings: {
      ...settings,
      hasWatchers: true,
      backlog: 0,
      people: PEOPLE,
      clients,
      names: chance.pick([PEOPLE, 2]),
    },
    faults: faults.length === 0 ? faults : [...faults, ...splits].sort((a, b) => a.atMs - b.atMs),
    operations: operations.map((each): Operation => {
      const client = chance.below(clients);
      const stays = client % STAYING_EVERY === 0;
      return { ...each, atMs: timeOf(each.atMs, stays), kind: chance.pick(stays ? STAYING : COMING), client };
    }).sort((a, b) => a.atMs - b.atMs),
  };
}
