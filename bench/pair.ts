/**
 * Two people of the load generator: one sends, the other takes and confirms. A frame is made by copying and
 * patching (`frames.ts` says why).
 *
 * @module
 */

import { assert } from "../common/errors.ts";
import { encodeRequest } from "../common/protocol/codec.ts";
import { checkLength, type Connected, firstFrames, ID_BYTES, placeOf, TYPE, unexpected } from "./frames.ts";
import { Recipient } from "./recipient.ts";
import type { Round } from "./round.ts";

/** From the key `copies` in a SENT to the last byte of its value: the key, the tag, an integer of 64 bits. */
const COPIES_VALUE_AT = "copies".length + 1 + 8 - 1;

/** Content of every message: 100 bytes. */
export const CONTENT = "The quick brown fox jumps over the lazy dog. ".repeat(3).slice(0, 100);

/** Decimal digits at the end of an id that count up; the others are random, once for each pair. */
const COUNTER_DIGITS = 12;

/** Bound on the messages of one pair that are under way; a power of two. */
const UNDER_WAY_MAX = 8_192;

/** Lengths of the frames of a pair, bytes; of the last three, 0 without a recipient. */
export interface FrameLengths {
  readonly sent: number;
  readonly message: number;
  readonly ok: number;
  readonly status: number;
}

/** A sender, and usually a recipient. */
export class Pair {
  readonly #sender: Connected;
  readonly #recipient: Recipient | undefined;
  /** SEND_MSG with the id at its end. */
  readonly #frame: Uint8Array;
  readonly #sentAtMs = new Float64Array(UNDER_WAY_MAX);
  /** Counts of SEND_MSG, SENT, MESSAGE, OK and STATUS. */
  #sent = 0;
  #answered = 0;
  #delivered = 0;
  #confirmed = 0;
  #reported = 0;
  #sentBytes = 0;
  #statusBytes = 0;
  /** Offset of the count of copies in a SENT, and its value in the first one. */
  #copiesAt = 0;
  #copies = 0;
  #messagesLeft = 0;
  #round: Round | undefined;

  /** @param recipient undefined for a recipient without a connection */
  constructor(sender: Connected, recipient: Connected | undefined, to: string) {
    this.#sender = sender;
    this.#recipient = recipient && new Recipient(recipient);
    const id = `${crypto.randomUUID().slice(0, -COUNTER_DIGITS)}${"0".repeat(COUNTER_DIGITS)}`;
    this.#frame = encodeRequest({ name: "sendMessage", payload: { to, content: CONTENT, id } }, "confirmed");
    assert(placeOf(id, this.#frame) === this.#frame.length - ID_BYTES, "SEND_MSG ends in the id");
  }

  /** Sends one message, and learns the lengths of all later frames from its own. */
  async prepare(): Promise<void> {
    countUp(this.#frame);
    const id = new TextDecoder().decode(this.#frame.subarray(-ID_BYTES));
    const first = firstFrames(this.#sender, "sent", "status");
    const confirmed = this.#recipient?.prepare(id, CONTENT);
    this.#sender.connection.send(this.#frame);
    const sent = await first.sent;
    this.#sentBytes = sent.length;
    this.#copiesAt = placeOf("copies", sent) + COPIES_VALUE_AT;
    this.#copies = sent[this.#copiesAt] ?? 0;
    if (confirmed) {
      await confirmed;
      this.#statusBytes = (await first.status).length;
    }
    this.#listen();
  }

  /** Number of disks with the first message when it was answered. */
  get copies(): number {
    return this.#copies;
  }

  /** Lengths that the first message taught. */
  get lengths(): FrameLengths {
    const { messageBytes = 0, okBytes = 0 } = this.#recipient ?? {};
    return { sent: this.#sentBytes, message: messageBytes, ok: okBytes, status: this.#statusBytes };
  }

  /** Joins a round with that many messages under way at a time. */
  begin(round: Round, outstanding: number): void {
    this.#round = round;
    this.#messagesLeft = round.messagesMax;
    const nowMs = performance.now();
    for (let i = 0; i < outstanding && this.#messagesLeft > 0; i++) this.#send(nowMs);
  }

  #listen(): void {
    this.#sender.connection.onFrame = (bytes, start, end) => this.#onFrame(bytes, start, end);
    this.#recipient?.listen({
      onDelivered: () => this.#onDelivered(),
      onConfirmed: () => {
        this.#confirmed++;
        this.#checkDrained();
      },
    });
  }

  #send(nowMs: number): void {
    this.#messagesLeft--;
    this.#sentAtMs[this.#sent & (UNDER_WAY_MAX - 1)] = nowMs;
    countUp(this.#frame);
    this.#sender.connection.send(this.#frame);
    this.#sent++;
    if (this.#recipient) assert(this.#sent - this.#reported < UNDER_WAY_MAX, "confirmations keep up");
  }

  #onFrame(bytes: Uint8Array, start: number, end: number): void {
    switch (bytes[start + 7]) {
      case TYPE.sent:
        checkLength(bytes, start, end, this.#sentBytes);
        return this.#onSent(bytes[start + this.#copiesAt] ?? 0);
      case TYPE.status:
        checkLength(bytes, start, end, this.#statusBytes);
        this.#reported++;
        return this.#checkDrained();
      case TYPE.user:
        // The recipient came online: no part of the load.
        return;
      default:
        throw unexpected(bytes, start, end, "SENT or STATUS");
    }
  }

  #onSent(copies: number): void {
    const round = this.#round;
    if (round === undefined) throw new Error("a SENT came between two rounds");
    const nowMs = performance.now();
    if (copies !== this.#copies) round.otherCopies++;
    round.answered.add(nowMs - this.#sentAt(this.#answered++));
    if (nowMs < round.endMs) {
      round.answeredInTime++;
      if (this.#messagesLeft > 0) return this.#send(nowMs);
    }
    this.#checkDrained();
  }

  #onDelivered(): void {
    this.#round?.delivered.add(performance.now() - this.#sentAt(this.#delivered++));
  }

  #sentAt(message: number): number {
    return this.#sentAtMs[message & (UNDER_WAY_MAX - 1)] ?? 0;
  }

  #checkDrained(): void {
    if (this.#answered < this.#sent) return;
    if (this.#recipient && Math.min(this.#confirmed, this.#reported) < this.#sent) return;
    this.#round?.pairDone();
    this.#round = undefined;
  }
}

/** Adds one to the decimal number in the last digits of the id. */
function countUp(frame: Uint8Array): void {
  for (let at = frame.length - 1; at >= frame.length - COUNTER_DIGITS; at--) {
    const digit = frame[at] ?? 0;
    if (digit < 0x39) {
      frame[at] = digit + 1;
      return;
    }
    frame[at] = 0x30;
  }
}
