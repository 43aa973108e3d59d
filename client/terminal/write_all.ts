/**
 * Output that is complete when the call returns.
 *
 * @module
 */

import { reasonOf } from "../net/reason.ts";
import { StartError } from "./start_error.ts";
import { EXIT } from "./words/exit_status.ts";

const encoder = new TextEncoder();

/** An output of the program. */
type Writer = Pick<typeof Deno.stdout, "writeSync">;

/**
 * The most bytes that a pipe which does not block takes whole or not at all (`PIPE_BUF`). Of a longer write the runtime
 * does not tell how much was written before there was no more room.
 */
const PIECE_BYTES = Deno.build.os === "linux" ? 4_096 : 512;

/** Time until a full pipe that does not block is tried again, ms. */
const NEXT_TRY_MS = 5;

/**
 * Writes all of a text, and waits for room where there is none. Ends the program if the reader has closed its end, as `head` does.
 *
 * @throws {StartError} if it cannot be written
 */
export function writeAll(file: Writer, text: string): void {
  const bytes = encoder.encode(text);
  try {
    for (let written = 0; written < bytes.length;) {
      written += write(file, bytes.subarray(written, written + PIECE_BYTES));
    }
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(EXIT.ok);
    throw new StartError(`the output cannot be written: ${reasonOf(error)}`, EXIT.internal);
  }
}

/** Writes a part; returns its length, which is 0 if there was no room (`O_NONBLOCK`, set by whoever has the other end). */
function write(file: Writer, bytes: Uint8Array): number {
  try {
    return file.writeSync(bytes);
  } catch (error) {
    if (!(error instanceof Deno.errors.WouldBlock)) throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, NEXT_TRY_MS);
    return 0;
  }
}
