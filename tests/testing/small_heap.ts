/**
 * A server whose heap is small, so that a test can fill it.
 *
 * @module
 */

import { serverCommand } from "./server_process.ts";

/**
 * The words that start a server with a heap of so many mebibytes.
 *
 * @param program the words that start it otherwise, beginning with `deno run`
 */
export function withHeap(mebibytes: number, program: readonly string[] = serverCommand()): readonly string[] {
  const [deno = "", run = "", ...rest] = program;
  return [deno, run, `--v8-flags=--max-old-space-size=${mebibytes}`, ...rest];
}
