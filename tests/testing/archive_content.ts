/**
 * The archive in a data folder, compared with the log beside it.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { ArchiveDatabase } from "../../server/archive/archive_database.ts";
import type { Entry } from "../../server/core/entry.ts";
import { evolve } from "../../server/core/evolve.ts";
import { State } from "../../server/core/state.ts";
import { archivePath } from "../../server/follower/archive_folder.ts";
import { isEntry, type LogRecord } from "../../server/log/log_record.ts";
import { ArchiveRows, stateRows } from "./archive_rows.ts";
import { eventually } from "./eventually.ts";

/** What was compared. */
export interface ComparedArchive {
  /** Number of entries that the archive has folded. */
  readonly position: number;
  /** Number of messages and early marks in it. */
  readonly rows: number;
}

/**
 * Compares the archive of a data folder with the fold of the log up to the archive's place. The node may run.
 *
 * @throws {AssertionError} if they differ, or if the archive has more than the log
 */
export async function compareArchive(data: string): Promise<ComparedArchive> {
  const db = new DatabaseSync(archivePath(data), { readOnly: true });
  try {
    // All reads of one transaction see the same archive.
    db.exec("BEGIN");
    const position = Number(db.prepare("SELECT position FROM place").get()?.["position"]);
    const entries = await entriesOf(data);
    assert(position <= entries.length, `the archive has ${position} entries, the log ${entries.length}`);
    const state = new State();
    for (const entry of entries.slice(0, position)) evolve(state, entry);
    const rows = new ArchiveRows(db).of([...state.accounts.keys()]);
    assertEquals(rows, stateRows(state));
    return { position, rows: rows.length };
  } finally {
    db.close();
  }
}

/** Waits until the archive of a running node has folded so many entries of its log, then compares it. */
export async function comparedAt(data: string, entries: number): Promise<ComparedArchive> {
  // An archive of another log may have more than there are, until the node has met it.
  await eventually(`the archive has ${entries} entries`, async () => {
    const position = positionOf(data);
    return position >= entries && position <= (await entriesOf(data)).length;
  });
  return await compareArchive(data);
}

/** Number of entries that the archive of a data folder has folded; -1 if it cannot be read now. */
export function positionOf(data: string): number {
  try {
    const archive = ArchiveDatabase.open(archivePath(data), "read");
    try {
      return archive.place.position;
    } finally {
      archive.close();
    }
  } catch {
    return -1;
  }
}

/** The entries in the log of a data folder, without a line that is not whole. */
export async function entriesOf(data: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  const names: string[] = [];
  for await (const { name } of Deno.readDir(`${data}/log`)) names.push(name);
  for (const name of names.filter((each) => each.endsWith(".jsonl")).sort()) {
    const text = await Deno.readTextFile(`${data}/log/${name}`);
    for (const line of text.split("\n").slice(0, -1)) {
      const record = JSON.parse(line) as LogRecord;
      if (isEntry(record)) entries.push(record);
    }
  }
  return entries;
}
