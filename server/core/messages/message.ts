/**
 * A message, and the order of messages.
 *
 * @module
 */

import type { ChatMessage, Status } from "../../../common/protocol/shapes.ts";
import { utf8Bytes } from "../../../common/wire/bytes.ts";
import type { Account } from "../accounts/account.ts";
import { compareMoments, stampSeconds } from "../stamp.ts";

/** How far a message has come; it only grows. */
export const PROGRESS = { unread: 0, delivered: 1, read: 2 } as const;

/** See `PROGRESS`. */
export type Progress = (typeof PROGRESS)[Status];

const STATUS: readonly Status[] = ["unread", "delivered", "read"];

/** One message. It is identified by its sender and its id. */
export class Message {
  progress: Progress = PROGRESS.unread;
  /** The recipient deleted it for themselves. */
  hidden = false;
  /** What the content was, once its sender has deleted it: tells a repetition from another message. */
  deletedDigest: number | undefined;

  /**
   * @param stamp when it was sent, microseconds since the Unix epoch
   * @param content as it was sent; empty once deleted
   */
  constructor(
    readonly id: string,
    readonly sender: Account,
    readonly recipient: Account,
    readonly stamp: number,
    readonly origin: string,
    public content: string,
  ) {}

  /** Whether its sender deleted it, for both. */
  get deleted(): boolean {
    return this.deletedDigest !== undefined;
  }

  /** Whether an account is shown it. */
  visibleTo(account: Account): boolean {
    return !this.hidden || account !== this.recipient || this.sender === this.recipient;
  }

  /** Whether its recipient has it before them as unread. */
  get countsAsUnread(): boolean {
    return this.progress < PROGRESS.read && !this.hidden;
  }

  /** Whether these are the content and the recipient that it was sent with. */
  repeats(recipient: Account, content: string): boolean {
    if (this.recipient !== recipient) return false;
    return this.deletedDigest === undefined
      ? this.content === content
      : this.deletedDigest === contentDigest(content);
  }
}

/**
 * Below 0 if `a` comes first, over 0 if `b` does. Imported messages can have one stamp and origin: then their
 * ids decide, and for one id their senders.
 */
export function compareMessages(a: Message, b: Message): number {
  return compareMoments(a, b) || compareTexts(a.id, b.id) || compareTexts(a.sender.id, b.sender.id);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A message as people see it. */
export function shownMessage(message: Message): ChatMessage {
  return {
    id: message.id,
    timestamp: stampSeconds(message.stamp),
    sender: message.sender.name,
    recipient: message.recipient.name,
    content: message.content,
    status: STATUS[message.progress] ?? "unread",
  };
}

/** Tags, lengths, keys and the timestamp of a chat message, bytes: what it takes beside its texts. */
const FRAME_OVERHEAD_BYTES = 128;

/** At most how many bytes a message takes in a frame. */
export function messageBytes(message: Message): number {
  return FRAME_OVERHEAD_BYTES + message.id.length + message.sender.name.length +
    message.recipient.name.length + utf8Bytes(message.content);
}

/**
 * A 53-bit digest of a content (FNV-1a in two halves). It is what remains of a deleted message, so that a
 * late repetition of it is recognised; the content cannot be had back from it.
 */
export function contentDigest(content: string): number {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let i = 0; i < content.length; i++) {
    const unit = content.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b) ^ (low >>> 15);
  }
  return (low >>> 0) + (high & 0x1fffff) * 0x1_0000_0000;
}
