/**
 * The fold onto a state that lacks messages which the archive has.
 *
 * @module
 */

import type { Change } from "./change.ts";
import type { Entry } from "./entry.ts";
import { evolve } from "./evolve.ts";
import type { ArchivedMessage } from "./messages/archived.ts";
import { bringBack, returningIds } from "./messages/returning.ts";
import type { State } from "./state.ts";

/** Looks up archived messages by their id, whoever sent them. */
export type WithId = (id: string) => readonly ArchivedMessage[];

/**
 * Folds an entry as `evolve` does. A message that it repeats is loaded before: of two acceptances the earlier one
 * counts, and the fold has to compare them.
 */
export function evolveBehindArchive(state: State, entry: Entry, withId: WithId): readonly Change[] {
  for (const id of returningIds(state, [entry])) bringBack(state, withId(id));
  return evolve(state, entry);
}
