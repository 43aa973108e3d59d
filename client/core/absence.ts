/**
 * Messages that the present node does not have: they were deleted while nobody was connected, or the node does not
 * have them yet. They are hidden, and come back if a node tells of them.
 *
 * @module
 */

import type { Chat } from "./chats.ts";
import { isUnsent } from "./message.ts";
import type { Model } from "./model.ts";

/** The part of a chat that a node has told. */
interface Part {
  /** Ids of its messages. */
  readonly ids: readonly string[];
  /** The times that it lies between, seconds since the Unix epoch. */
  readonly from: number;
  readonly to: number;
  /** `PendingRequest.tellings` of the request: the node may have chosen the part before it told of later ones. */
  readonly tellings: number;
}

/** Hides the messages of a part that the node has not told, unless a node told of them since the request. */
export function hideAbsent({ messages }: Model, chat: Chat, { ids, from, to, tellings }: Part): void {
  const told = new Set(ids);
  const known = messages.of(chat).filter(({ timestamp }) => timestamp > from && timestamp < to);
  for (const message of known) {
    if (isUnsent(message) || told.has(message.id) || message.told > tellings) continue;
    messages.change(message, { absent: true });
  }
}
