/**
 * The fold of a log whose first part is loaded from the archive: the load, and the fold of what is behind that part.
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";
import { evolve } from "../core/evolve.ts";
import { evolveBehindArchive, type WithId } from "../core/evolve_behind_archive.ts";
import type { Slices } from "../core/slices.ts";
import type { State } from "../core/state.ts";
import type { Version } from "../core/version.ts";
import type { ResidentArchive } from "../follower/resident_archive.ts";
import { LoadedPartRefused } from "../log/loaded_part.ts";

/**
 * Loads the resident part into an empty state. The slices say how many rows were read.
 *
 * @param wallMs wall clock of this node, milliseconds since the Unix epoch
 * @throws {LoadedPartRefused} in place of errors of the archive
 */
export function* loadResidentPart(archive: ResidentArchive, state: State, wallMs: number): Slices<void> {
  const slices = archive.load(state, wallMs);
  for (;;) {
    const { done, value } = refusing(() => slices.next());
    if (done) return;
    yield value;
  }
}

/**
 * Folds the entries behind the loaded part, in their order.
 *
 * @param state the loaded one
 * @returns the fold of one entry, which throws {@link LoadedPartRefused} in place of errors of the archive
 */
export function replayBehind({ part, withId }: ResidentArchive, state: State): (entry: Entry) => void {
  const find: WithId = (id) => refusing(() => withId(id));
  return (entry) => {
    if (mayRepeat(part.version, entry)) evolveBehindArchive(state, entry, find);
    else evolve(state, entry);
  };
}

/** No origin accepts a message twice: on a single node, nothing has to be looked up. */
function mayRepeat(archived: Version, { origin }: Entry): boolean {
  return archived.size > 1 || !archived.has(origin);
}

/** @throws {LoadedPartRefused} in place of any error */
function refusing<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw new LoadedPartRefused(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
