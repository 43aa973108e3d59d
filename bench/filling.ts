/**
 * Filling an empty node from one with a log.
 *
 * @module
 */

import { stateHash } from "../server/commands/state_hash.ts";
import { evolve } from "../server/core/evolve.ts";
import { State } from "../server/core/state.ts";
import { DenoFiles } from "../server/log/deno_files.ts";
import { verifyLog } from "../server/log/verify_log.ts";
import { startNodes, until } from "./cluster_subjects.ts";
import type { Finding } from "./report.ts";
import { untilSearchable } from "./searchable.ts";
import { type HistorySize, ROLES } from "./stored_history.ts";
import { writeStoredLog } from "./stored_log.ts";

/** A log of a million entries. */
const SIZE: HistorySize = { messages: 960_000, accounts: 2_000, conversations: 5_000 };
const PER_SECOND_MIN = 30_000;

/** Time for the node to be filled, and for an archive to be built, ms. */
const PATIENCE_MS = 300_000;

/** The method, for the notes of a report. */
export const FILLING_NOTE =
  `Filling: a log of ${SIZE.messages} messages and their marks on one node, whose archive is up; from the start ` +
  "of the process of an empty node until it has all entries on its disk and serves. Its archive follows.";

/** Fills a node and checks its state. @param checkout folder of the sources of both nodes */
export async function measureFilling(folder: string, checkout: string): Promise<Finding[]> {
  const [full, empty] = [`${folder}-full`, `${folder}-empty`];
  const { entries } = await writeStoredLog(full, SIZE);
  const [atFull, atEmpty] = startNodes([full, empty], checkout);
  if (atFull === undefined || atEmpty === undefined) throw new RangeError("there are two nodes");
  const source = await atFull.start();
  await untilSearchable(source.port, ROLES.searcher, PATIENCE_MS);
  const startMs = performance.now();
  const target = await atEmpty.start();
  await until(
    "the empty node is filled",
    () => Promise.resolve(target.errors().includes('"event":"filled"')),
    PATIENCE_MS,
  );
  const ms = performance.now() - startMs;
  await untilSearchable(target.port, ROLES.searcher, PATIENCE_MS);
  const searchableMs = performance.now() - startMs - ms;
  await Promise.all([source.stop(), target.stop()]);
  const perSecond = entries / ms * 1_000;
  const [before, after] = [stateIn(full), stateIn(empty)];
  if (before !== after) throw new Error(`the state of the filled node is ${after}, not ${before}`);
  return [
    {
      what: `Filling: entries/s into an empty node (${entries} in ${(ms / 1_000).toFixed(1)} s)`,
      figure: `${perSecond.toFixed(0)} entries/s`,
      target: `at least ${PER_SECOND_MIN} entries/s`,
      reached: perSecond >= PER_SECOND_MIN,
    },
    {
      what: "Filling: from then on until the new node answers a search",
      figure: `${(searchableMs / 1_000).toFixed(1)} s`,
    },
  ];
}

function stateIn(data: string): string {
  const state = new State();
  verifyLog(new DenoFiles(data), (entry) => void evolve(state, entry));
  return stateHash(state);
}
