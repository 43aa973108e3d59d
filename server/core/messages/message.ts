/**
 * Messages and their order.
 *
 * @module
 */

import type { FeatureSet } from "../../../common/protocol/features.ts";
import type { ChatMessage, Status } from "../../../common/protocol/shapes.ts";
import { utf8Bytes } from "../../../common/wire/bytes.ts";
import { type Account, idFieldBytes } from "../accounts/account.ts";
import { stampSeconds } from "../stamp.ts";
import { type Fingerprint, fingerprintedText, isFingerprintOf, type Recognition } from "./fingerprint.ts";

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
  /** True if its sender deleted it, for both sides. */
  deleted = false;
  /** Recognises a repetition of the deleted message; `undefined` if no deletion that has arrived has one. */
  fingerprint: Fingerprint | undefined;
  /** The content as it arrived, bytes of UTF-8; the same once it is deleted. */
  readonly contentBytes: number;

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
  ) {
    this.contentBytes = utf8Bytes(content);
  }

  /** True if it is visible to `account`: only its recipient can have hidden it. */
  visibleTo(account: Account): boolean {
    return !this.hidden || account !== this.recipient || this.sender === this.recipient;
  }

  /** True if `account` may know how far it is: its sender may not while its recipient blocks them. */
  showsProgressTo(account: Account): boolean {
    return account === this.recipient || !this.recipient.blocks(this.sender);
  }

  /** True once nobody at `account` gets to see it any more. */
  isGoneFor(account: Account): boolean {
    return this.deleted || !this.visibleTo(account) || !this.sender.alive || !this.recipient.alive;
  }

  /** True while its recipient has neither read nor hidden it. */
  get countsAsUnread(): boolean {
    return this.progress < PROGRESS.read && !this.hidden;
  }

  /**
   * True if a send with this recipient and content repeats it. Of a deleted message, that is known only as long as
   * its fingerprint is kept.
   */
  repeats(recipient: Account, content: string, recognition: Recognition): boolean {
    if (this.recipient !== recipient) return false;
    if (!this.deleted) return this.content === content;
    if (this.fingerprint === undefined) return false;
    const text = fingerprintedText(this.id, content);
    return isFingerprintOf(this.fingerprint, this.sender.fingerprintKeys, text, recognition);
  }
}

/** The members of a message that decide on its place in the order; `sender` is an account id. */
interface Ordered extends Pick<Message, "time" | "origin" | "id"> {
  readonly sender: string;
}

/** A place in the order of messages: that of a message, or of one that is elsewhere. */
export interface Placed extends Pick<Message, "time" | "origin" | "id"> {
  readonly sender: Pick<Account, "id">;
}

/**
 * The order of messages: below 0 if `a` comes first, over 0 if `b` does. At one time, the origins decide, then
 * the ids, then the senders.
 */
export function compareMessages(a: Placed, b: Placed): number {
  return a.time - b.time || compareTied(a, b) || compareTexts(a.sender.id, b.sender.id);
}

/** The same order, of messages that are known by their places. */
export function comparePlaces(a: Ordered, b: Ordered): number {
  return a.time - b.time || compareTied(a, b) || compareTexts(a.sender, b.sender);
}

function compareTied(a: Pick<Message, "origin" | "id">, b: Pick<Message, "origin" | "id">): number {
  return compareTexts(a.origin, b.origin) || compareTexts(a.id, b.id);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A message in the form that the clients of `viewer` get. */
export function shownMessage(message: Message, viewer: Account): ChatMessage {
  return {
    id: message.id,
    timestamp: stampSeconds(message.time),
    sender: message.sender.name,
    recipient: message.recipient.name,
    content: message.content,
    status: message.showsProgressTo(viewer) ? STATUS[message.progress] ?? "unread" : "unread",
    senderAccount: message.sender.id,
    recipientAccount: message.recipient.id,
  };
}

/** Bytes of a chat message beyond its texts: tags, lengths, keys and the timestamp. */
const FRAME_OVERHEAD_BYTES = 128;

/** Upper bound of a message's bytes in a frame for a session with these features. */
export function messageBytes({ id, sender, recipient, content }: Message, features: FeatureSet): number {
  return FRAME_OVERHEAD_BYTES + id.length + sender.name.length + recipient.name.length + utf8Bytes(content) +
    idFieldBytes(sender, features) + idFieldBytes(recipient, features);
}
