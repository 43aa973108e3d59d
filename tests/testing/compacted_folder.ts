/**
 * The compaction of a data folder whose node does not run, long after its deletions.
 *
 * @module
 */

import { COMPACTION_INTERVAL_MS, eraseEntry, leavesErasable } from "../../server/core/compaction.ts";
import { type EncodedEntry, encodeEntry } from "../../server/core/encoded_entry.ts";
import { entryOf } from "../../server/core/entry.ts";
import type { Event } from "../../server/core/events.ts";
import { evolve } from "../../server/core/evolve.ts";
import { ownStamp } from "../../server/core/stamp.ts";
import { seqOf } from "../../server/core/version.ts";
import { State } from "../../server/core/state.ts";
import { CompactingLog } from "../../server/log/compacting_log.ts";
import { DenoFiles } from "../../server/log/deno_files.ts";
import { openLog, SEGMENT_BYTES } from "../../server/log/open_log.ts";
import { systemClock, systemRandom, systemTimers } from "../../server/process/system_ports.ts";
import type { LogFields, Logger } from "../../server/ports/outside.ts";
import { VERSION } from "../../common/version.ts";
import { eventually } from "./eventually.ts";

/** Longer than fingerprints are kept. */
const LATER_MS = 31 * 86_400_000;

/** An event that a node logs once a day. */
const TOKENS_USED: Event = { type: "tokensUsed", account: "", tokens: [] };

/**
 * Forgets the names of deleted accounts, and erases everything that can be erased.
 *
 * @param node name of the node
 * @returns the number of erased entries
 */
export async function compactFolder(data: string, node: string): Promise<number> {
  const state = new State();
  let erased: number | undefined;
  const files = new DenoFiles(data);
  const logger = passLogger((entries) => erased = entries);
  const { log, origin } = openLog({
    files,
    clock: systemClock,
    random: systemRandom,
    timers: systemTimers,
    logger,
    node,
    version: VERSION,
    segmentBytes: SEGMENT_BYTES,
    reserveBytes: 0,
    replay: (entry) => void evolve(state, entry),
    onSynced: () => {},
    onReadOnly: () => {},
    onFault: (error) => {
      throw error;
    },
  });
  let nowMs = 0;
  const wallMs = systemClock.wallMs() + LATER_MS;
  const compacting = new CompactingLog({
    files,
    clock: { wallMs: systemClock.wallMs, monotonicMs: () => nowMs },
    logger,
    log,
    erase: (entry) => eraseEntry(state, entry, wallMs),
    leavesErasable: (entry) => leavesErasable(state, entry, wallMs),
    whenDurable: (then) => then(),
  });
  const names = [...state.forgettable].map(({ id }): Event => ({ type: "nameForgotten", account: id }));
  compacting.commit([...names, TOKENS_USED].map((event) => made(state, origin, event)));
  nowMs += COMPACTION_INTERVAL_MS;
  compacting.tick();
  await eventually("the pass is over", () => erased !== undefined);
  await new Promise<void>((resolve) => log.close(resolve));
  return erased ?? 0;
}

/** Folds an event of now, and returns its entry for the log. */
function made(state: State, origin: string, event: Event): EncodedEntry {
  const stamp = ownStamp({ version: state.version, stamp: state.stamp }, origin, systemClock.wallMs());
  const entry = entryOf(origin, seqOf(state.version, origin) + 1, stamp, event);
  evolve(state, entry);
  return encodeEntry(entry);
}

/** Calls back with the number of erased entries after a pass. */
function passLogger(passed: (entries: number) => void): Logger {
  const fail = (event: string, fields?: LogFields): void => {
    throw new Error(`${event} ${JSON.stringify(fields)}`);
  };
  const info = (event: string, fields?: LogFields): void => {
    if (event === "logCompacted") passed(Number(fields?.["entries"]));
  };
  return { debug: () => {}, info, warn: fail, error: fail };
}
