/**
 * Output that is complete when the call returns.
 *
 * @module
 */

import { EXIT } from "./words/exit_status.ts";
import { StartError } from "./start_error.ts";
import { reasonOf } from "../net/reason.ts";

const encoder = new TextEncoder();

/**
 * Writes all of a text. Whoever reads may have had enough, as `head` has: the program then ends.
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
