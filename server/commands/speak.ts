/**
 * How commands speak, also where they could not do what they were asked to.
 *
 * @module
 */

import { PROGRAM } from "../cli/help.ts";
import { type ByteSink, print } from "./print.ts";
import { visibleText } from "../../common/visible_text.ts";

/** Exit status of a command that found or met something wrong. */
export const FAILURE_STATUS = 1;

/** Prints a text of one or more lines in which there may be anything that files say. */
export async function printVisibly(sink: ByteSink, text: string): Promise<void> {
  await print(sink, text.split("\n").map(visibleText).join("\n"));
}

/** Says on standard error why; returns the exit status. */
export async function fail(problem: unknown, status: number = FAILURE_STATUS): Promise<number> {
  const message = problem instanceof Error ? problem.message : String(problem);
  await printVisibly(Deno.stderr, `${PROGRAM}: ${message}`);
  return status;
}
