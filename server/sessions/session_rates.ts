/**
 * The rates of one session. Traffic above them is delayed, never dropped; too many bad frames end it.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { HEADER_BYTES } from "../../common/wire/frame.ts";
import { workOfFrame } from "../core/slices.ts";
import type { Account } from "../core/accounts/account.ts";
import type { Refusal } from "../core/decision.ts";
import type { AccountBuckets } from "./account_buckets.ts";
import { TokenBucket } from "./token_bucket.ts";
import { WindowCounter } from "./window_counter.ts";

const MINUTE_MS = 60_000;

/** Counts messages, bytes, work and bad frames. All times are monotonic. */
export class SessionRates {
  readonly #messages: TokenBucket;
  readonly #originalMessages: AccountBuckets;
  readonly #bytes: TokenBucket;
  /** Work that may be asked for before a login. */
  readonly #work: TokenBucket;
  readonly #badFramesMax: number;
  /** Made at the first bad frame: few sessions have one. */
  #badFrames: WindowCounter | undefined;

  /** @param originalMessages messages of each account in the original dialect, over all its sessions */
  constructor(limits: Limits, originalMessages: AccountBuckets, nowMs: number) {
    this.#originalMessages = originalMessages;
    this.#messages = new TokenBucket(limits.messagesPerSecond, limits.messagesBurst, nowMs);
    this.#bytes = new TokenBucket(limits.bytesPerSecond, limits.bytesBurst, nowMs);
    this.#work = new TokenBucket(limits.workPerSecond, limits.workBurst, nowMs);
    this.#badFramesMax = limits.badFramesPerMinute;
  }

  /**
   * Counts a frame.
   *
   * @param rate the rate that it counts against, beside the one for bytes; "stranger" before a login
   * @param original account of a session in the original dialect: its client cannot wait for a reply to a message
   * @returns time in ms for which no frame may follow
   */
  take(
    payloadBytes: number,
    rate: "messages" | "stranger" | undefined,
    nowMs: number,
    original: Account | undefined,
  ): number {
    if (rate === "stranger") return this.#work.take(workOfFrame(payloadBytes), nowMs);
    const byBytes = this.#bytes.take(payloadBytes + HEADER_BYTES, nowMs);
    if (rate === undefined) return byBytes;
    const messages = original === undefined ? this.#messages : this.#originalMessages.of(original, nowMs);
    return Math.max(byBytes, messages.take(1, nowMs));
  }

  /** Counts a bad frame; returns the refusal that the session has to end with, if it was one too many. */
  badFrame(problem: Refusal, nowMs: number): Refusal | undefined {
    const max = this.#badFramesMax;
    this.#badFrames ??= new WindowCounter(MINUTE_MS);
    this.#badFrames.add("", nowMs);
    if (max === 0 || this.#badFrames.count("", nowMs) < max) return undefined;
    const message = `${problem.message}; it is the last of ${max} such frames within a minute: goodbye`;
    return { ...problem, message };
  }
}
