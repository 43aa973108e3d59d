/**
 * A node with years of messages: its memory, its starts, its answers over all of the history, and its disk.
 *
 * @module
 */

import { Client, PASSWORD } from "./client.ts";
import { takeTurns } from "./comparison.ts";
import type { Finding, Report } from "./report.ts";
import { roundTrips, type SendingPair } from "./round_trips.ts";
import { allAt, closeSide, openSide, PIPELINED } from "./send_side.ts";
import type { Spells } from "./spells.ts";
import { rateFinding } from "./standings.ts";
import { median, percentiles, spellsP99 } from "./statistics.ts";
import { copyDataFolder, folderBytes, storedFolder } from "./stored_folder.ts";
import { type HistorySize, ROLES } from "./stored_history.ts";
import { startStored, untilArchived, untilSettled } from "./stored_node.ts";
import { measureReaders, READERS } from "./stored_readers.ts";
import { type RequestTimes, timeChats, timePages, timeSearches } from "./stored_requests.ts";
import { CHEAP_ACCOUNTS, startServer, type Subject } from "./subject.ts";

/** Messages of the history, unless the command line says another number. */
export const STORED_MESSAGES = 10_000_000;

const MIB = 1_048_576;

/** Targets (issue 13): memory, bytes; times, ms; shares and ratios. */
const TARGETS = {
  residentBytes: 400 * MIB,
  cleanStartMs: 1_000,
  killedStartMs: 2_500,
  medianMs: 3,
  p99Ms: 20,
  searchMs: 20,
  sendsShare: 0.9,
  othersRatio: 2,
  diskShare: 1.5,
};

/** Time for an archive to be built from the beginning, ms. */
const ARCHIVE_MS = 1_800_000;
/** Rest of a node before its memory is looked at, ms. */
const IDLE_MS = 10_000;
const PAIRS = 10;
const WARM_UP_MS = 2_000;
/** Time of round trips before a deletion, and from its beginning on, ms. */
const ROUND_TRIPS_MS = 10_000;
const SCHEDULE = { warmUpMs: 3_000, rounds: 5, roundMs: 1_000 };

/** Names of the sides that send. */
const SIDE = { stored: "with the history", empty: "empty node" } as const;

/** The sizes of a history with so many messages. */
export function historySize(messages: number): HistorySize {
  return { messages, accounts: Math.max(1_100, messages / 1_000), conversations: Math.ceil(messages / 200) };
}

/**
 * Measures a node with a stored history, which is made by the first run with its number of messages.
 *
 * @param folder for the data of the nodes, on the disk of the system's temporary folder
 */
export async function measureStorage(folder: string, messages = STORED_MESSAGES): Promise<Report> {
  const size = historySize(messages);
  tell(`a data folder with ${messages} messages is made, unless there is one`);
  const kept = await storedFolder(size);
  tell(`${kept} is there; its archive comes up`);
  const building = await buildArchive(kept);
  const data = `${folder}/data`;
  await copyDataFolder(kept, data);
  tell("starts, and rest");
  const rest = await measureRest(data);
  const { subject } = rest;
  tell("pages, lists and searches");
  const answers = await measureAnswers(subject, messages);
  tell("sends");
  const sends = await measureSends(folder, subject);
  await untilArchived(data, ARCHIVE_MS);
  const others = await measureOthers(subject, messages);
  await subject.stop();
  return {
    title: `Storage: ${messages} messages of 111 bytes, ${size.accounts} accounts`,
    notes: [
      `The data folder is kept as ${kept}; nodes run on a copy. 1 % of the messages is unread, 1 % deleted.`,
      `First answers: from the start of the process until HELLO is answered; the file cache is warm.`,
    ],
    findings: [...building, ...rest.findings, ...answers, ...sends, ...others, await diskFinding(kept)],
  };
}

/** Says what is done now: the measurement takes long. */
function tell(step: string): void {
  console.log(`  storage, ${new Date().toISOString()}: ${step}`);
}

/**
 * Lets the archive of the kept folder come up, once; a start and an end in order add no entry. Where the log does not
 * fit into memory, that is a part of the start.
 */
async function buildArchive(kept: string): Promise<Finding[]> {
  const wasThere = (await folderBytes(kept)).archive > 0;
  const { subject, firstAnswerMs } = await startStored(kept);
  const startMs = performance.now();
  const { entries } = await untilArchived(kept, ARCHIVE_MS);
  const followedMs = performance.now() - startMs;
  const isFirst = subject.errors().includes('"event":"logTooLong"');
  await subject.stop();
  if (wasThere) return [];
  const ms = isFirst ? firstAnswerMs + followedMs : followedMs;
  const perSecond = entries / ms * 1_000;
  return [{
    what: `archive of an old log, built ${isFirst ? "before" : "while"} the node serves`,
    figure: `${entries} entries in ${(ms / 1_000).toFixed(1)} s: ${perSecond.toFixed(0)} entries/s`,
  }];
}

/** Starts after a stop in order and after a kill, and the memory of the node in between. */
async function measureRest(
  data: string,
): Promise<{ readonly subject: Subject; readonly findings: readonly Finding[] }> {
  const clean = await startStored(data);
  await untilArchived(data, ARCHIVE_MS);
  await untilSettled(data, ARCHIVE_MS);
  await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  const { residentBytes, heap, residentMessages } = await untilSettled(data, ARCHIVE_MS);
  await clean.subject.kill();
  const killed = await startStored(data);
  await untilArchived(data, ARCHIVE_MS);
  await untilSettled(data, ARCHIVE_MS);
  return {
    subject: killed.subject,
    findings: [
      atMost("memory of the idle node", residentBytes / MIB, TARGETS.residentBytes / MIB, "MiB", 0),
      {
        what: "of it, heap in use, and messages in memory",
        figure: `${(heap.usedBytes / MIB).toFixed(0)} MiB, ${residentMessages}`,
      },
      atMost("first answer after a stop in order", clean.firstAnswerMs, TARGETS.cleanStartMs, "ms", 0),
      atMost("first answer after kill -9", killed.firstAnswerMs, TARGETS.killedStartMs, "ms", 0),
    ],
  };
}

/** Pages, lists and searches over all of the history. */
async function measureAnswers({ port }: Subject, messages: number): Promise<Finding[]> {
  return [
    ...timesFindings("page of 50 anywhere in the longest conversation", await timePages(port, messages)),
    ...timesFindings("whole list of chats of the account with the most", await timeChats(port)),
    medianFinding("search in the messages of one person", await timeSearches(port), TARGETS.searchMs),
  ];
}

function timesFindings(what: string, times: RequestTimes): Finding[] {
  const [p99 = NaN] = percentiles(times.ms, [0.99]);
  return [medianFinding(what, times, TARGETS.medianMs), atMost(`${what}, p99`, p99, TARGETS.p99Ms, "ms", 2)];
}

function medianFinding(what: string, { ms, items }: RequestTimes, max: number): Finding {
  return atMost(`${what} (${ms.length} times, ${items} items), median`, median(ms), max, "ms", 2);
}

/** Sends with the history beside sends at an empty node, in turn. */
async function measureSends(folder: string, subject: Subject): Promise<Finding[]> {
  const empty = await startServer({ data: `${folder}/empty`, settings: CHEAP_ACCOUNTS });
  const sides = [
    await openSide(SIDE.stored, [subject], PIPELINED, allAt(subject)),
    await openSide(SIDE.empty, [empty], PIPELINED, allAt(empty)),
  ] as const;
  const standings = await takeTurns(PIPELINED, sides, SCHEDULE);
  await closeSide({ ...sides[0], subjects: [] });
  await closeSide(sides[1]);
  const rates = standings.map(({ rounds }) =>
    median(rounds.map(({ messagesPerSecond }) => messagesPerSecond))
  );
  return [
    {
      what: `messages/s ${SIDE.stored} / at the ${SIDE.empty}, medians`,
      figure: rates.map((rate) => rate.toFixed(0)).join(" / "),
    },
    rateFinding(standings, PIPELINED, SIDE.stored, SIDE.empty, TARGETS.sendsShare),
  ];
}

/** Round trips of others beside people who read and search, and beside the deletion of an account. */
async function measureOthers({ port }: Subject, messages: number): Promise<Finding[]> {
  const clients: Client[] = [];
  const pairs = [];
  for (let i = 0; i < PAIRS; i++) {
    const to = `recipient${i + 10}`;
    const sender = await Client.loggedIn(port, `sender${i + 10}`);
    clients.push(sender, await Client.loggedIn(port, to));
    pairs.push({ sender, to });
  }
  await roundTrips(pairs, WARM_UP_MS);
  tell(`${READERS} people read and search`);
  const reading = readersFinding(await measureReaders(port, pairs, messages));
  tell("the deletion of an account");
  const deletion = await measureDeletion(port, pairs);
  for (const client of clients) client.close();
  return [reading, deletion];
}

function readersFinding({ calm, busy, replies, refusals }: Spells): Finding {
  const calmMs = spellsP99(calm);
  const what = `p99 of others while ${READERS} people page and search without a pause (${replies} replies, ` +
    `${refusals} of them refusals), over ${calmMs.toFixed(1)} ms`;
  return atMost(what, spellsP99(busy) / calmMs, TARGETS.othersRatio, "times", 2);
}

/** Round trips of others before the deletion of an account with many messages, and from its beginning on. */
async function measureDeletion(port: number, pairs: readonly SendingPair[]): Promise<Finding> {
  const calm = await roundTrips(pairs, ROUND_TRIPS_MS);
  const leaver = await Client.loggedIn(port, ROLES.leaver);
  const answered = leaver.ask({ name: "deleteAccount", payload: { password: PASSWORD } }, "ok");
  const busy = await roundTrips(pairs, ROUND_TRIPS_MS);
  await answered;
  leaver.close();
  const [calmMs = NaN, busyMs = NaN] = [calm, busy].map((times) => percentiles(times, [0.99])[0]);
  const what = `p99 of others while an account with 3 % of all messages is deleted, over ${
    calmMs.toFixed(1)
  } ms`;
  return atMost(what, busyMs / calmMs, TARGETS.othersRatio, "times", 2);
}

async function diskFinding(data: string): Promise<Finding> {
  const { log, archive } = await folderBytes(data);
  const what = `disk of the archive, over the ${(log / MIB).toFixed(0)} MiB of the log`;
  return atMost(what, archive / log, TARGETS.diskShare, "times", 2);
}

function atMost(what: string, figure: number, max: number, unit: string, digits: number): Finding {
  return {
    what,
    figure: `${figure.toFixed(digits)} ${unit}`,
    target: `at most ${max} ${unit}`,
    reached: figure <= max,
  };
}
