/**
 * Output that is complete when the call returns.
 *
 * @module
 */

import { reasonOf } from "../net/reason.ts";
import { StartError } from "./start_error.ts";
import { EXIT } from "./words/exit_status.ts";

const encoder = new TextEncoder();

/**
 * Writes all of a text. Ends the program if the reader has closed its end, as `head` does.
 *
 * @throws {StartError} if it cannot be written
 */
export function writeAll(file: typeof Deno.stdout, text: string): void {
  const bytes = encoder.encode(text);
  try {
    for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(EXIT.ok);
    throw new StartError(`the output cannot be written: ${reasonOf(error)}`, EXIT.internal);
  }
}
