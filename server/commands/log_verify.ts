/**
 * The command `log verify`.
 *
 * @module
 */

import type { LogVerifyCommand } from "../cli/command.ts";
import { verifyLog } from "../log/verify_log.ts";
import { fail, FAILURE_STATUS, printVisibly } from "./speak.ts";
import { openLogFolder } from "./log_folder.ts";
import { type Verdict, verifyVerdict } from "./log_report.ts";

/** Verifies a log, also while its node is running; returns the exit status: 1 if it is damaged. */
export async function verifyLogCommand({ data }: LogVerifyCommand): Promise<number> {
  let verdict: Verdict;
  try {
    verdict = verifyVerdict(verifyLog(openLogFolder(data)), data);
  } catch (error) {
    return await fail(error);
  }
  await printVisibly(verdict.isGood ? Deno.stdout : Deno.stderr, verdict.text);
  return verdict.isGood ? 0 : FAILURE_STATUS;
}
