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
import { writeLog } from "./replay.ts";
import type { Finding } from "./report.ts";

const ENTRIES = 200_000;
const PER_SECOND_MIN = 30_000;

/** The method, for the notes of a report. */
export const FILLING_NOTE =
  `Filling: a log of ${ENTRIES} entries on one node, as in the measurement of replay; from the start of the ` +
  "process of an empty node until it has all of them on its disk and serves.";

/** Fills a node and checks its state. @param checkout folder of the sources of both nodes */
export async function measureFilling(folder: string, checkout: string): Promise<Finding> {
  const [full, empty] = [`${folder}-full`, `${folder}-empty`];
  await writeLog(full, ENTRIES);
  const [atFull, atEmpty] = startNodes([full, empty], checkout);
  if (atFull === undefined || atEmpty === undefined) throw new RangeError("there are two nodes");
  const source = await atFull.start();
  const startMs = performance.now();
  const target = await atEmpty.start();
  await until(
    "the empty node is filled",
    () => Promise.resolve(target.errors().includes('"event":"filled"')),
  );
  const ms = performance.now() - startMs;
  await Promise.all([source.stop(), target.stop()]);
  const perSecond = ENTRIES / ms * 1_000;
  const [before, after] = [stateIn(full), stateIn(empty)];
  if (before !== after) throw new Error(`the state of the filled node is ${after}, not ${before}`);
  return {
    what: `Filling: entries/s into an empty node (${ENTRIES} in ${(ms / 1_000).toFixed(1)} s)`,
    figure: `${perSecond.toFixed(0)} entries/s`,
    target: `at least ${PER_SECOND_MIN} entries/s`,
    reached: perSecond >= PER_SECOND_MIN,
  };
}

function stateIn(data: string): string {
  const state = new State();
  verifyLog(new DenoFiles(data), (entry) => void evolve(state, entry));
  return stateHash(state);
}
