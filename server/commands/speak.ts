/**
 * Output of commands, and their failures.
 *
 * @module
 */

import { PROGRAM } from "../cli/help.ts";
import { type ByteSink, print } from "./print.ts";
import { visibleText } from "../../common/visible_text.ts";

/** Exit status of a command that has failed or found a problem. */
export const FAILURE_STATUS = 1;

/** Prints lines of unchecked content, with invisible characters made visible. */
export async function printVisibly(sink: ByteSink, text: string): Promise<void> {
  await print(sink, text.split("\n").map(visibleText).join("\n"));
}

/** Prints a problem on standard error; returns the exit status. */
export async function fail(problem: unknown, status: number = FAILURE_STATUS): Promise<number> {
  const message = problem instanceof Error ? problem.message : String(problem);
  await printVisibly(Deno.stderr, `${PROGRAM}: ${message}`);
  return status;
}
