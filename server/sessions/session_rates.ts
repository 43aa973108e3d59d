/**
 * The rates of one session. Traffic above them is delayed, never dropped; too many bad frames end it.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { TokenBucket } from "./token_bucket.ts";
import { WindowCounter } from "./window_counter.ts";

const MINUTE_MS = 60_000;

/** Counts messages, bytes and bad frames. All times are monotonic. */
export class SessionRates {
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #badFramesMax: number;
  /** Made at the first bad frame: few sessions have one. */
  #badFrames: WindowCounter | undefined;

  constructor(limits: Limits, nowMs: number) {
    this.#messages = new TokenBucket(limits.messagesPerSecond, limits.messagesBurst, nowMs);
    this.#bytes = new TokenBucket(limits.bytesPerSecond, limits.bytesBurst, nowMs);
    this.#badFramesMax = limits.badFramesPerMinute;
  }

  /** Counts a frame; returns the time for which no frame may follow it, ms. */
  take(bytes: number, isMessage: boolean, nowMs: number): number {
    const byBytes = this.#bytes.take(bytes, nowMs);
    return isMessage ? Math.max(byBytes, this.#messages.take(1, nowMs)) : byBytes;
  }

  /** Counts a bad frame; returns false if the session has to end with it. */
  badFrame(nowMs: number): boolean {
    this.#badFrames ??= new WindowCounter(MINUTE_MS);
    this.#badFrames.add("", nowMs);
    return this.#badFramesMax === 0 || this.#badFrames.count("", nowMs) < this.#badFramesMax;
  }
}
