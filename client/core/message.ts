/**
 * A message as the client knows it.
 *
 * @module
 */

import type { Chat } from "./chats.ts";
import type { Refusal } from "./refusal.ts";

/**
 * The status of a message: that of the server, or one of an own message that no server has. `held`: the account that
 * it is meant for is gone, and the person must decide about it.
 */
export type MessageStatus = "queued" | "held" | "failed" | "unread" | "delivered" | "read";

/** The parts of a message that a face draws. They change by `MessageStore.change`, and the revision with them. */
export interface MessageFace {
  /** Seconds since the Unix epoch. */
  readonly timestamp: number;
  readonly sender: string;
  readonly recipient: string;
  /** Its conversation, also after the other end is renamed. */
  readonly chat: Chat;
  readonly content: string;
  readonly status: MessageStatus;
  readonly deleted: boolean;
  /** True if the present node does not have it: it is hidden. */
  readonly absent: boolean;
  /** The nodes that had stored an own message when it was acknowledged to this client, and how many there are. */
  readonly stored?: { readonly copies: number; readonly nodes: number } | undefined;
  /** The reason why it has `failed`. */
  readonly refusal?: Refusal | undefined;
}

/** A message that this client has received or made. */
export interface Message extends MessageFace {
  readonly id: string;
  /** Position in the order in which this client met its messages, from 0; never given twice. */
  readonly number: number;
  /** Number of its last change. */
  readonly revision: number;
  /** Place of the last time that a node told of it among all such times; 0 if none did. */
  readonly told: number;
  /** True if it was shown. */
  shown: boolean;
  /** Number of requests to mark it as read, after somebody has seen it. */
  marks: number;
}

/** The number of a message that is known only as the last one of its chat. */
export const NOT_MET = -1;

const RANK: Readonly<Record<MessageStatus, number>> = {
  failed: 0,
  held: 0,
  queued: 1,
  unread: 2,
  delivered: 3,
  read: 4,
};

/** True if a message has at least that status. */
export function hasReached(message: Pick<Message, "status">, status: MessageStatus): boolean {
  return RANK[message.status] >= RANK[status];
}

/** True if no server has the message. */
export function isUnsent(message: Pick<Message, "status">): boolean {
  return !hasReached(message, "unread");
}
