/**
 * Messages that come again after they have left memory: the same message was accepted on both sides of a split. Before
 * the second acceptance is folded, the first comes back.
 *
 * @module
 */

import type { Entry } from "../entry.ts";
import type { MessageSent } from "../events.ts";
import type { State } from "../state.ts";
import type { ArchivedMessage } from "./archived.ts";
import { broughtBack, detachedMessage, residentMessage } from "./detached_message.ts";

/** Ids of the messages in entries that may have left memory. Without any, the entries can be folded. */
export function returningIds(state: State, entries: readonly Entry[]): string[] {
  const ids = entries.flatMap((entry) =>
    entry.type === "messageSent" && mayReturn(state, entry) ? [entry.id] : []
  );
  return [...new Set(ids)];
}

/** Without a conversation, there is nothing to repeat. */
function mayReturn(state: State, { from, to, id }: MessageSent): boolean {
  if (!state.evicted.mayHave(id) || state.accounts.get(from)?.conversations.has(to) !== true) return false;
  return residentMessage(state, { sender: from, recipient: to, id }) === undefined;
}

/** Brings messages back that the archive has found by these ids. */
export function bringBack(state: State, found: readonly ArchivedMessage[]): void {
  for (const each of found) {
    const message = detachedMessage(state, each);
    if (message !== undefined) broughtBack(state, message);
  }
}
