/**
 * Speed of the replay of a log at the start.
 *
 * @module
 */

import { type EncodedEntry, encodeEntry } from "../server/core/encoded_entry.ts";
import { entryOf } from "../server/core/entry.ts";
import { CONTENT } from "./pair.ts";
import type { Report } from "./report.ts";
import { median } from "./statistics.ts";
import { emptyStarts, startAndConnectMs } from "./start.ts";
import { ORIGIN, WrittenLog } from "./written_log.ts";

const ENTRIES = 500_000;
const ACCOUNTS = 100;
const ENTRIES_PER_BATCH = 50;
const STARTS = 3;
const TARGET = 300_000;

/** Measures replay. @param folder for the server's data */
export async function measureReplay(folder: string): Promise<Report> {
  const data = `${folder}/replay`;
  await writeLog(data, ENTRIES);
  const emptyMs = median(await emptyStarts(folder, STARTS));
  const fullTimes: number[] = [];
  for (let i = 0; i < STARTS; i++) fullTimes.push(await startAndConnectMs(data));
  const fullMs = median(fullTimes);
  const perSecond = ENTRIES / (fullMs - emptyMs) * 1_000;
  return {
    title: "Replay",
    notes: [
      `A log of ${ENTRIES} entries (${ACCOUNTS} accounts, the rest messages of 100 bytes) in batches of ` +
      `${ENTRIES_PER_BATCH}, ${(logBytes(data) / 1e6).toFixed(0)} MB, made by the server's own encoder and ` +
      `closed in order; the file cache is warm.`,
      `Start to first connection with it, less the same with an empty log: medians of ${STARTS}.`,
    ],
    findings: [
      { what: "start with the log / without", figure: `${fullMs.toFixed(0)} / ${emptyMs.toFixed(0)} ms` },
      {
        what: "replay",
        figure: `${perSecond.toFixed(0)} entries/s`,
        target: `at least ${TARGET} entries/s`,
        reached: perSecond >= TARGET,
      },
    ],
  };
}

/** Makes the entry of a log with this sequence number. */
type MakeEntry = (origin: string, seq: number) => EncodedEntry;

/**
 * Writes a log as node1 would.
 *
 * @param entries their number, in whole batches
 * @param make makes the entries; by default some accounts, and messages between them
 */
export async function writeLog(data: string, entries: number, make: MakeEntry = entry): Promise<void> {
  const log = new WrittenLog(data);
  for (let first = 1; first <= entries; first += ENTRIES_PER_BATCH) {
    await log.commit(Array.from({ length: ENTRIES_PER_BATCH }, (_, i) => make(ORIGIN, first + i).json));
  }
  await log.close();
}

/** The first entries create the accounts, the others are messages from each to the next. */
function entry(origin: string, seq: number): EncodedEntry {
  const stamp = 1_700_000_000_000_000 + seq * 1_000;
  const number = seq % ACCOUNTS;
  if (seq <= ACCOUNTS) {
    const name = `user${number}`;
    const hash = "$2b$04$......................................................";
    const account = accountId(number);
    return encodeEntry(entryOf(origin, seq, stamp, { type: "accountCreated", account, name, hash }));
  }
  return encodeEntry(entryOf(origin, seq, stamp, {
    type: "messageSent",
    id: crypto.randomUUID(),
    from: accountId(number),
    to: accountId((number + 1) % ACCOUNTS),
    content: CONTENT,
  }));
}

function accountId(number: number): string {
  return `user${number}.${String(number).padStart(12, "0")}`;
}

function logBytes(data: string): number {
  let bytes = 0;
  for (const { name } of Deno.readDirSync(`${data}/log`)) bytes += Deno.statSync(`${data}/log/${name}`).size;
  return bytes;
}
