/**
 * Two people: one sends, the other listens. This is the load generator, and it shares the processors with
 * what it measures, so a frame is made by copying and patching, and taken by its type and length.
 *
 * @module
 */

import { assert } from "../common/errors.ts";
import { decodeFromServer, encodeRequest } from "../common/protocol/codec.ts";
import { HEADER_BYTES } from "../common/wire/frame.ts";
import type { Client } from "./client.ts";
import { Samples } from "./samples.ts";

const SENT = 111;
/** Also the first type of a push. */
const MESSAGE = 200;

/** From the key `copies` in a SENT to the last byte of its value: the key, the tag, an integer of 64 bits. */
const COPIES_VALUE_AT = "copies".length + 1 + 8 - 1;

/** Content of every message: 100 bytes. */
export const CONTENT = "The quick brown fox jumps over the lazy dog. ".repeat(3).slice(0, 100);

/** Digits of an id that count; the others are random, once for each pair. */
const COUNTER_DIGITS = 12;

/** How many messages of one pair can be under way; a power of two. */
const UNDER_WAY_MAX = 8_192;

/** A stretch of time in which some pairs send as fast as they are answered. */
export class Round {
  /** From sending to SENT, at the sender, ms. */
  readonly answered = new Samples();
  /** From sending to MESSAGE, at the recipient, ms. */
  readonly delivered = new Samples();
  /** How many SENT came while the round lasted; those that were still under way then are not in it. */
  answeredInTime = 0;
  /** How many SENT spoke of another count of copies than the first one of their pair. */
  otherCopies = 0;
  readonly startMs = performance.now();
  readonly endMs: number;
  /** Resolves when all that was sent has been answered and delivered. */
  readonly drained: Promise<void>;
  readonly #drained = Promise.withResolvers<void>();
  #pairsLeft: number;

  /** @param messagesMax after how many messages of each pair it ends, if not by time */
  constructor(pairs: number, durationMs: number, readonly messagesMax = Infinity) {
    this.#pairsLeft = pairs;
    this.endMs = this.startMs + durationMs;
    this.drained = this.#drained.promise;
  }

  /** One pair has nothing under way any more. */
  pairDone(): void {
    if (--this.#pairsLeft === 0) this.#drained.resolve();
  }
}

/** See the module. */
export class Pair {
  readonly #sender: Client;
  readonly #recipient: Client | undefined;
  /** SEND_MSG with the id at its end. */
  readonly #frame: Uint8Array;
  readonly #sentAtMs = new Float64Array(UNDER_WAY_MAX);
  #sent = 0;
  #answered = 0;
  #delivered = 0;
  #sentBytes = 0;
  #messageBytes = 0;
  /** Where in a SENT the count of copies is, and what it was in the first one. */
  #copiesAt = 0;
  #copies = 0;
  #messagesLeft = 0;
  #round: Round | undefined;

  /** @param recipient undefined for one who is offline */
  constructor(sender: Client, recipient: Client | undefined, to: string) {
    this.#sender = sender;
    this.#recipient = recipient;
    const id = `${crypto.randomUUID().slice(0, -COUNTER_DIGITS)}${"0".repeat(COUNTER_DIGITS)}`;
    this.#frame = encodeRequest({ name: "sendMessage", payload: { to, content: CONTENT, id } }, "confirmed");
    assert(this.#frame.at(-1) === 0x30, "the id is the last field of SEND_MSG");
  }

  /** Sends one message, and learns from its SENT and MESSAGE how long those of all others must be. */
  async prepare(): Promise<void> {
    const waits = [frameOf(this.#sender, SENT)];
    if (this.#recipient) waits.push(frameOf(this.#recipient, MESSAGE));
    this.#write();
    const [sent, message] = await Promise.all(waits);
    this.#sentBytes = sent?.length ?? 0;
    this.#copiesAt = placeOf("copies", sent) + COPIES_VALUE_AT;
    this.#copies = sent?.[this.#copiesAt] ?? 0;
    this.#messageBytes = message?.length ?? 0;
    if (message) checkMessage(message);
    this.#answered = this.#delivered = this.#sent;
    this.#sender.connection.onFrame = (bytes, start, end) => this.#onSent(bytes, start, end);
    if (this.#recipient) {
      this.#recipient.connection.onFrame = (bytes, start, end) => this.#onMessage(bytes, start, end);
    }
  }

  /** On how many disks the first message was when it was answered. */
  get copies(): number {
    return this.#copies;
  }

  /** Joins a round with that many messages under way at a time. */
  begin(round: Round, outstanding: number): void {
    this.#round = round;
    this.#messagesLeft = round.messagesMax;
    const nowMs = performance.now();
    for (let i = 0; i < outstanding && this.#messagesLeft > 0; i++) this.#send(nowMs);
  }

  #send(nowMs: number): void {
    this.#messagesLeft--;
    this.#sentAtMs[this.#sent & (UNDER_WAY_MAX - 1)] = nowMs;
    this.#write();
  }

  #write(): void {
    const { connection } = this.#sender;
    const frame = this.#frame;
    countUp(frame);
    connection.send(frame);
    this.#sent++;
    if (this.#recipient) assert(this.#sent - this.#delivered < UNDER_WAY_MAX, "messages do not arrive");
  }

  #onSent(bytes: Uint8Array, start: number, end: number): void {
    // That the recipient came, went or has a message is no answer.
    if ((bytes[start + 7] ?? 0) >= MESSAGE) return;
    checkFrame(bytes, start, end, SENT, this.#sentBytes);
    const round = this.#round;
    if (round === undefined) return;
    const nowMs = performance.now();
    if (bytes[start + this.#copiesAt] !== this.#copies) round.otherCopies++;
    round.answered.add(nowMs - (this.#sentAtMs[this.#answered & (UNDER_WAY_MAX - 1)] ?? 0));
    this.#answered++;
    if (nowMs < round.endMs) {
      round.answeredInTime++;
      if (this.#messagesLeft > 0) return this.#send(nowMs);
    }
    this.#checkDrained(round);
  }

  #onMessage(bytes: Uint8Array, start: number, end: number): void {
    checkFrame(bytes, start, end, MESSAGE, this.#messageBytes);
    const round = this.#round;
    if (round === undefined) return;
    const nowMs = performance.now();
    round.delivered.add(nowMs - (this.#sentAtMs[this.#delivered & (UNDER_WAY_MAX - 1)] ?? 0));
    this.#delivered++;
    this.#checkDrained(round);
  }

  #checkDrained(round: Round): void {
    if (this.#answered < this.#sent) return;
    if (this.#recipient && this.#delivered < this.#sent) return;
    this.#round = undefined;
    round.pairDone();
  }
}

/** The next frame of that type that comes to a client. */
function frameOf(client: Client, type: number): Promise<Uint8Array> {
  return new Promise((resolve) => {
    client.connection.onFrame = (bytes, start, end) => {
      if (bytes[start + 7] === type) resolve(bytes.slice(start, end));
    };
  });
}

/** Where a key begins in a frame. */
function placeOf(key: string, frame: Uint8Array = new Uint8Array()): number {
  const place = new TextDecoder("latin1").decode(frame).indexOf(key);
  assert(place >= 0, `SENT has the key ${key}`);
  return place;
}

function checkFrame(bytes: Uint8Array, start: number, end: number, type: number, length: number): void {
  if (bytes[start + 7] === type && end - start === length) return;
  throw new Error(
    `a frame of type ${bytes[start + 7]} and ${end - start} bytes came where one of type ${type} and ` +
      `${length} bytes was expected`,
  );
}

function checkMessage(frame: Uint8Array): void {
  const decoded = decodeFromServer({ type: MESSAGE, payload: frame.subarray(HEADER_BYTES) });
  const content = "push" in decoded && decoded.push.name === "message" && decoded.push.payload.content;
  assert(content === CONTENT, "what is delivered is what was sent");
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
