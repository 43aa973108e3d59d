/**
 * Pages of messages that no node can mean.
 *
 * @module
 */

import type { ChatMessage } from "../../common/protocol/shapes.ts";
import type { Nonsense } from "./loss.ts";

/** What a page has to keep to. */
interface Expected {
  /** Name of the other end; undefined for all chats. */
  readonly with: string | undefined;
  /** Ids, and keys of messages, that must not come again. */
  readonly seen: Iterable<string>;
  readonly keyOf: (message: ChatMessage) => string;
  /** Time of the message before the page, and 1 if later ones follow, -1 if earlier ones do. */
  readonly from: number;
  readonly direction: 1 | -1;
  /** True for a page of a search. */
  readonly found: boolean;
}

/** The reason why a node cannot have meant a page; undefined for a good one. */
export function pageNonsense(
  { messages, more }: { readonly messages: readonly ChatMessage[]; readonly more: boolean },
  { with: name, seen: before, keyOf, from, direction, found }: Expected,
): Nonsense | undefined {
  if (messages.length === 0 && more) return { kind: "emptyPage" };
  const seen = new Set(before);
  let last = from;
  for (const message of messages) {
    const { id, sender, recipient, timestamp } = message;
    if (name !== undefined && !isAmong(name, [sender, recipient])) {
      return { kind: "strangeMessage", with: name, sender, recipient, found };
    }
    const key = keyOf(message);
    if (seen.has(id) || seen.has(key)) return { kind: "repeatedMessage", found };
    if (direction * (timestamp - last) < 0) return { kind: "unorderedPage", found };
    last = timestamp;
    seen.add(key);
  }
  return undefined;
}

function isAmong(name: string, names: readonly string[]): boolean {
  return names.some((each) => each.toLowerCase() === name.toLowerCase());
}
