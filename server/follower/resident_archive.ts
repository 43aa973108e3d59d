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
 * Opens the archive of a data folder; `undefined` if it has nothing yet, or is not there.
 *
 * @throws {Error} if it cannot be used
 */
export function openResidentArchive(data: string): ResidentArchive | undefined {
  const path = archivePath(data);
  if (isNew(path)) return undefined;
  const database = ArchiveDatabase.open(path, "read");
  try {
    const archive = residentArchive(database);
    if (archive.part.position > 0) return archive;
    archive.close();
    return undefined;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** True if no writer has come so far as to make the database. */
function isNew(path: string): boolean {
  try {
    return Deno.statSync(path).size === 0;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

function residentArchive(database: ArchiveDatabase): ResidentArchive {
  const { position, version } = database.place;
  return {
    part: { position, version, beginnings: database.beginnings() },
    load: (state, wallMs) => database.loadResident(state, wallMs),
    withId: (id) =>
      database.hasId(id) ? database.answer({ type: "ids", account: "", ids: [id] }).messages : NONE,
    close: () => database.close(),
  };
}
