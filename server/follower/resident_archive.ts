/**
 * The archive at a start, before the node listens: its resident part is loaded, and look-ups are answered at once. A thread
 * of its own reads it.
 *
 * @module
 */

import { ResidentLoad } from "../archive/resident_load.ts";
import type { WithId } from "../core/evolve_behind_archive.ts";
import type { Slices } from "../core/slices.ts";
import type { State } from "../core/state.ts";
import type { LoadedPart } from "../log/loaded_part.ts";
import { atOnce, type LogSlices } from "../log/log_slices.ts";
import { StartThread } from "./start_thread.ts";

/** An archive of an earlier run, open for reading. Nobody writes to it meanwhile. Every call may throw. */
export interface ResidentArchive {
  /** The part of the log that it has folded. */
  readonly part: LoadedPart;
  /** Loads the resident part into an empty state, in slices of some milliseconds. `wallMs` is the wall clock of this node. */
  load(state: State, wallMs: number): Slices<void>;
  readonly withId: WithId;
  close(): void;
}

/**
 * Opens the archive of a data folder; `undefined` if it has nothing yet, or is not there. The slices wait for the disk.
 *
 * @param startThread starts the thread that reads; the real one unless given
 * @throws {ArchiveHangs} if the disk does not answer
 * @throws {Error} if it cannot be used
 */
export function* openResidentArchive(
  data: string,
  startThread = (): StartThread => new StartThread(startWorker()),
): LogSlices<ResidentArchive | undefined> {
  const thread = startThread();
  let archive: ResidentArchive | undefined;
  try {
    thread.ask({ type: "open", data });
    const { part } = yield* thread.answer("opened");
    return archive = part && residentArchive(thread, part);
  } finally {
    if (archive === undefined) thread.end();
  }
}

function residentArchive(thread: StartThread, part: LoadedPart): ResidentArchive {
  return {
    part,
    load: (state, wallMs) => load(thread, state, wallMs),
    withId: (id) => {
      thread.ask({ type: "find", id });
      return atOnce(thread.answer("found")).messages;
    },
    close: () => thread.end(),
  };
}

function* load(thread: StartThread, state: State, wallMs: number): Slices<void> {
  const resident = new ResidentLoad(state);
  thread.ask({ type: "load", wallMs });
  for (;;) {
    const report = yield* thread.answer("rows", "loaded");
    if (report.type === "loaded") return;
    thread.ask({ type: "next" });
    yield resident.take(report.batch);
  }
}

function startWorker(): Worker {
  return new Worker(new URL("./start_worker.ts", import.meta.url), { type: "module" });
}
