/**
 * The fold onto a state that lacks messages which the archive has.
 *
 * @module
 */

import type { Change } from "./change.ts";
import type { Entry } from "./entry.ts";
import type { MessageSent } from "./events.ts";
import { evolve } from "./evolve.ts";
import type { ArchivedMessage } from "./messages/archived.ts";
import { loadMessage } from "./messages/loaded_message.ts";
import type { State } from "./state.ts";

/** Looks up archived messages by their id, whoever sent them. */
export type WithId = (id: string) => readonly ArchivedMessage[];

/**
 * Folds an entry as `evolve` does. A message that it repeats is loaded before: of two acceptances the earlier one
 * counts, and the fold has to compare them.
 */
export function evolveBehindArchive(state: State, entry: Entry, withId: WithId): readonly Change[] {
  if (entry.type === "messageSent") loadRepeated(state, entry, withId);
  return evolve(state, entry);
}

function loadRepeated(state: State, { from, to, id }: MessageSent, withId: WithId): void {
  const [sender, recipient] = [state.accounts.get(from), state.accounts.get(to)];
  // Without a conversation, there is nothing to repeat.
  if (sender === undefined || recipient === undefined || !sender.conversations.has(to)) return;
  if (state.messages.find(sender, recipient, id) !== undefined) return;
  for (const archived of withId(id)) {
    if (archived.sender === from && archived.recipient === to) loadMessage(state, archived);
  }
}
