/**
 * Bounds the time for which an unfinished frame may hold memory. Pure: the time is handed in.
 *
 * @module
 */

import { ProtocolError } from "../../common/errors.ts";

/** Watches one connection for a frame that stays unfinished. */
export class PartialFrameWatch {
  readonly #completionMs: number;
  #frame: number | undefined;
  #sinceMs = 0;

  /** @param completionMs time within which a frame must be finished, ms */
  constructor(completionMs: number) {
    this.#completionMs = completionMs;
  }

  /**
   * Takes an observation; the time of a frame counts from the first one of it. To be called every second.
   *
   * @param frame number of the unfinished frame; `undefined` if there is none
   * @param nowMs monotonic time, ms
   * @returns the error for the other end if the frame is overdue
   */
  observe(frame: number | undefined, nowMs: number): ProtocolError | undefined {
    if (frame === undefined || frame !== this.#frame) {
      this.#frame = frame;
      this.#sinceMs = nowMs;
      return undefined;
    }
    if (nowMs - this.#sinceMs < this.#completionMs) return undefined;
    return new ProtocolError(
      `a frame was begun and not finished within ${this.#completionMs} ms, which is the limit ` +
        `(limits.frameCompletionMs); connect again and send it in one go`,
      true,
    );
  }
}
