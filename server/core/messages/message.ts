/**
 * Messages and their order.
 *
 * @module
 */

import type { ChatMessage, Status } from "../../../common/protocol/shapes.ts";
import { utf8Bytes } from "../../../common/wire/bytes.ts";
import type { Account } from "../accounts/account.ts";
import { stampSeconds } from "../stamp.ts";

/** Progress of a message; it only grows. */
export const PROGRESS = { unread: 0, delivered: 1, read: 2 } as const;

/** A value of `PROGRESS`. */
export type Progress = (typeof PROGRESS)[Status];

const STATUS: readonly Status[] = ["unread", "delivered", "read"];

/** One message. Its identity is its sender, its recipient and its id. */
export class Message {
  progress: Progress = PROGRESS.unread;
  /** True if the recipient deleted it for their own side. */
  hidden = false;
  /**
   * `contentDigest` of the deleted content, which tells a repeated send from another message; `undefined` if
   * the message is not deleted.
   */
  deletedDigest: number | undefined;

  /**
   * @param time its place in the order and the time that people see, microseconds since the Unix epoch
   * @param content the content as sent; empty once deleted
   */
  constructor(
    readonly id: string,
    readonly sender: Account,
    readonly recipient: Account,
    readonly time: number,
    readonly origin: string,
    public content: string,
  ) {}

  /** True if its sender deleted it, for both sides. */
  get deleted(): boolean {
    return this.deletedDigest !== undefined;
  }

  /** True if it is visible to `account`: only its recipient can have hidden it. */
  visibleTo(account: Account): boolean {
    return !this.hidden || account !== this.recipient || this.sender === this.recipient;
  }

  /** True while its recipient has neither read nor hidden it. */
  get countsAsUnread(): boolean {
    return this.progress < PROGRESS.read && !this.hidden;
  }

  /** True if a send with this recipient and content repeats it. */
  repeats(recipient: Account, content: string): boolean {
    if (this.recipient !== recipient) return false;
    return this.deletedDigest === undefined
      ? this.content === content
      : this.deletedDigest === contentDigest(content);
  }
}

/**
 * The order of messages: below 0 if `a` comes first, over 0 if `b` does. At one time, the origins decide, then
 * the ids, then the senders.
 */
export function compareMessages(a: Message, b: Message): number {
  return a.time - b.time || compareTexts(a.origin, b.origin) || compareTexts(a.id, b.id) ||
    compareTexts(a.sender.id, b.sender.id);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A message in the form that clients get. */
export function shownMessage(message: Message): ChatMessage {
  return {
    id: message.id,
    timestamp: stampSeconds(message.time),
    sender: message.sender.name,
    recipient: message.recipient.name,
    content: message.content,
    status: STATUS[message.progress] ?? "unread",
  };
}

/** Bytes of a chat message beyond its texts: tags, lengths, keys and the timestamp. */
const FRAME_OVERHEAD_BYTES = 128;

/** Upper bound of a message's bytes in a frame. */
export function messageBytes(message: Message): number {
  return FRAME_OVERHEAD_BYTES + message.id.length + message.sender.name.length +
    message.recipient.name.length + utf8Bytes(message.content);
}

/**
 * A 53-bit digest of a content (FNV-1a in two halves). It remains of a deleted message, so that a late
 * repetition is recognised. It hides nothing: it is not cryptographic and has no salt, so short contents can
 * be guessed from it.
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
