/**
 * The archive at a start, before the node listens: its resident part is loaded, and look-ups are answered at once.
 *
 * @module
 */

import { ArchiveDatabase } from "../archive/archive_database.ts";
import type { WithId } from "../core/evolve_behind_archive.ts";
import type { Slices } from "../core/slices.ts";
import type { State } from "../core/state.ts";
import type { LoadedPart } from "../log/loaded_part.ts";
import { archivePath } from "./archive_folder.ts";

/** Nearly no message of a log is repeated. */
const NONE: ReturnType<WithId> = [];

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
 * Opens the archive of a data folder.
 *
 * @throws {Error} if there is none, if it cannot be used, or if it has nothing yet
 */
export function openResidentArchive(data: string): ResidentArchive {
  const database = ArchiveDatabase.open(archivePath(data), "read");
  try {
    return residentArchive(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

function residentArchive(database: ArchiveDatabase): ResidentArchive {
  const { position, version } = database.place;
  if (position === 0) throw new Error("it has no entry of the log yet");
  return {
    part: { position, version, beginnings: database.beginnings() },
    load: (state, wallMs) => database.loadResident(state, wallMs),
    withId: (id) =>
      database.hasId(id) ? database.answer({ type: "ids", account: "", ids: [id] }).messages : NONE,
    close: () => database.close(),
  };
}
