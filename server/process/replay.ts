/**
 * Work on the log in turns of the event loop: a replay of a minute must not keep signals and `chat-server status`
 * waiting.
 *
 * @module
 */

import type { LogSlices } from "../log/log_slices.ts";
import type { Clock } from "../ports/outside.ts";

/** Time after which the event loop gets a turn, ms. A turn costs about two. */
const TURN_MS = 50;

/** Dependencies and callbacks of work in turns. */
interface Turns {
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Calls the work off at the next turn. */
  readonly signal: AbortSignal;
  /** Called after each slice with the number of bytes that it read. */
  took(bytes: number): void;
  /** Awaited before each turn; gets the number of bytes that were read since the last one. */
  read(bytes: number): Promise<void> | void;
}

/**
 * Reads until the end, and gives way to the event loop every few milliseconds.
 *
 * @throws {unknown} the reason of the signal, or the error of a callback; the files of the log are closed, and nothing
 *   was written
 */
export async function inTurns<Result>(
  slices: LogSlices<Result>,
  { clock, signal, took, read }: Turns,
): Promise<Result> {
  let sinceMs = clock.monotonicMs();
  let bytes = 0;
  for (;;) {
    const { done, value } = slices.next();
    if (done) return value;
    bytes += value;
    try {
      took(value);
      if (clock.monotonicMs() - sinceMs < TURN_MS) continue;
      await read(bytes);
      // Not `setImmediate`, which is quicker and lets no signal or connection in.
      await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
    } catch (error) {
      slices.throw(error);
    }
    sinceMs = clock.monotonicMs();
    bytes = 0;
  }
}
