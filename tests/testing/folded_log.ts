/**
 * The state that a node's data folder holds, folded by the product's own core.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { evolve } from "../../server/core/evolve.ts";
import { State } from "../../server/core/state.ts";
import { isEntry, type LogRecord } from "../../server/log/log_record.ts";
import { stateDigest, wrongCounts } from "./state_digest.ts";

/** Content of a log. */
export interface FoldedLog {
  readonly entries: number;
  readonly state: State;
  /** See `stateDigest`. */
  readonly digest: string;
}

/**
 * Folds the log of a node that does not run.
 *
 * @param data the data folder
 */
export async function foldLog(data: string): Promise<FoldedLog> {
  const state = new State();
  let entries = 0;
  for (const name of await segmentsOf(data)) {
    const text = await Deno.readTextFile(`${data}/log/${name}`);
    for (const line of text.split("\n").slice(0, -1)) {
      const record = JSON.parse(line) as LogRecord;
      if (!isEntry(record)) continue;
      evolve(state, record);
      entries++;
    }
  }
  assertEquals(wrongCounts(state), []);
  return { entries, state, digest: stateDigest(state) };
}

async function segmentsOf(data: string): Promise<string[]> {
  const names: string[] = [];
  for await (const item of Deno.readDir(`${data}/log`)) {
    if (item.name.endsWith(".jsonl")) names.push(item.name);
  }
  return names.sort();
}
