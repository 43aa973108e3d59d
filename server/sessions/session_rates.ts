/**
 * The rates of one session. Traffic above them waits.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { HEADER_BYTES } from "../../common/wire/frame.ts";
import { workOfFrame } from "../core/slices.ts";
import { TokenBucket } from "./token_bucket.ts";

/** The rates of a session, before and after its login. */
export class SessionRates {
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  /** Work that may be asked for before a login. */
  readonly #work: TokenBucket;

  constructor(limits: Limits, nowMs: number) {
    this.#messages = new TokenBucket(limits.messagesPerSecond, limits.messagesBurst, nowMs);
    this.#bytes = new TokenBucket(limits.bytesPerSecond, limits.bytesBurst, nowMs);
    this.#work = new TokenBucket(limits.workPerSecond, limits.workBurst, nowMs);
  }

  /**
   * Counts a frame of a session that is logged in.
   *
   * @param isMessage true if it counts against the rate of messages
   * @returns time in ms for which no frame may follow
   */
  take(payloadBytes: number, isMessage: boolean, nowMs: number): number {
    const byBytes = this.#bytes.take(payloadBytes + HEADER_BYTES, nowMs);
    return Math.max(byBytes, isMessage ? this.#messages.take(1, nowMs) : 0);
  }

  /** Counts a frame of a session that is not logged in; returns as `take` does. */
  takeOfStranger(payloadBytes: number, nowMs: number): number {
    return this.#work.take(workOfFrame(payloadBytes), nowMs);
  }
}
