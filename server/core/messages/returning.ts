/**
 * Messages that come again after they have left memory: the same message was accepted on both sides of a split. Before
 * the second acceptance is folded, the first comes back.
 *
 * @module
 */

import type { Entry } from "../entry.ts";
import type { State } from "../state.ts";
import type { ArchivedMessage } from "./archived.ts";
import { broughtBack, detachedMessage } from "./detached_message.ts";

/** Ids of the messages in entries that may have left memory. Without any, the entries can be folded. */
export function returningIds(state: State, entries: readonly Entry[]): string[] {
  const ids = entries.flatMap((entry) =>
    entry.type === "messageSent" && state.evicted.mayHave(entry.id) && !isResident(state, entry)
      ? [entry.id]
      : []
  );
  return [...new Set(ids)];
}

function isResident(
  { accounts, messages }: State,
  { from, to, id }: Entry & { readonly type: "messageSent" },
): boolean {
  const [sender, recipient] = [accounts.get(from), accounts.get(to)];
  return sender !== undefined && recipient !== undefined &&
    messages.find(sender, recipient, id) !== undefined;
}

/** Brings messages back that the archive has found by these ids. */
export function bringBack(state: State, found: readonly ArchivedMessage[]): void {
  for (const each of found) {
    const message = detachedMessage(state, each);
    if (message !== undefined) broughtBack(state, message);
  }
}
