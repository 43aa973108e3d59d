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

/**
 * Share of the schedules with faults in which a log rots, too, behind what a start from the archive reads: this hides for
 * a while that it is damaged. It comes late, when a log has several segments.
 */
const ROT_SHARE = 0.6;
const ROTS: readonly FaultKind[] = ["rotBehind"];

/**
 * Share of the schedules with faults in which, for a while, marks arrive before their messages: two nodes are cut from one
 * another, half of the people write at the one, and the others read at a third node, which reaches both. It sends its own
 * marks at once, and passes the messages on a second later.
 */
const EARLY_SHARE = 0.7;
const EARLY_KINDS: readonly OperationKind[] = [
  "send",
  "send",
  "send",
  "send",
  "read",
  "read",
  "hide",
  "hide",
];

/** Most faults that are added to a schedule with faults, and longest time until the start, ms. */
const ENDS_MAX = 4;
const DOWN_MS_MAX = 1_500;

/** A schedule about searches, with the faults and the delays of another one, and more starts. */
export function aboutSearches(schedule: Schedule, chance: Chance): Schedule {
  const { settings, operations } = schedule;
  const ours = {
    ...schedule,
    settings: { ...settings, hasSearches: true, backlog: 0 },
    operations: operations.map((each): Operation => ({ ...each, kind: chance.pick(KINDS) })),
  };
  if (schedule.faults.length === 0) return ours;
  const faults = [...schedule.faults, ...endsOf(schedule, chance)];
  const marks = earlyMarksOf(schedule, chance);
  return {
    ...ours,
    operations: ours.operations.map((each) => marks === undefined ? each : early(each, marks, chance)),
    faults: [...faults, ...marks === undefined ? [] : [cutOf(marks)]].sort((a, b) => a.atMs - b.atMs),
  };
}

function endsOf({ settings, healsAtMs }: Schedule, chance: Chance): Fault[] {
  const end = (kinds: readonly FaultKind[], from = 0.2): Fault => ({
    atMs: chance.between(from, 1) * healsAtMs,
    kind: chance.pick(kinds),
    machine: chance.below(settings.machines),
    other: chance.below(1_000_000),
    forMs: chance.between(10, DOWN_MS_MAX),
    amount: 1,
  });
  const ends = Array.from({ length: chance.whole(1, ENDS_MAX) }, () => end(ENDS));
  return chance.is(ROT_SHARE) ? [...ends, end(ROTS, 0.6)] : ends;
}

/** The time of marks that arrive before their messages, ms, and the nodes: where people write, read, and are not heard. */
interface EarlyMarks {
  readonly fromMs: number;
  readonly forMs: number;
  readonly writing: number;
  readonly reading: number;
  readonly third: number;
}

function earlyMarksOf({ settings, healsAtMs }: Schedule, chance: Chance): EarlyMarks | undefined {
  if (!chance.is(EARLY_SHARE)) return undefined;
  const writing = chance.below(3);
  const reading = (writing + chance.whole(1, 2)) % 3;
  const fromMs = chance.between(0.2, 0.5) * healsAtMs;
  return {
    fromMs,
    forMs: 0.4 * healsAtMs,
    writing,
    reading,
    third: (3 - writing - reading) % settings.machines,
  };
}

/** An operation in that time: people with an even number write, the others read. */
function early(
  operation: Operation,
  { fromMs, forMs, writing, reading }: EarlyMarks,
  chance: Chance,
): Operation {
  const { atMs, client } = operation;
  if (atMs < fromMs || atMs > fromMs + forMs) return operation;
  return { ...operation, kind: chance.pick(EARLY_KINDS), machine: client % 2 === 0 ? writing : reading };
}

function cutOf({ fromMs, forMs, writing, third }: EarlyMarks): Fault {
  const other = third < writing ? third : third - 1;
  return { atMs: fromMs, kind: "cutBothWays", machine: writing, other, forMs, amount: 1 };
}
