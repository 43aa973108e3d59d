/**
 * The command `log verify`.
 *
 * @module
 */

import type { LogVerifyCommand } from "../cli/command.ts";
import { evolve } from "../core/evolve.ts";
import { State } from "../core/state.ts";
import { verifyLog } from "../log/verify_log.ts";
import { fail, FAILURE_STATUS, printVisibly } from "./speak.ts";
import { openLogFolder } from "./log_folder.ts";
import { type Verdict, verifyVerdict } from "./log_report.ts";
import { stateHash } from "./state_hash.ts";

/** Verifies a log, even while its node is running; returns the exit status: 1 if it is damaged. */
export async function verifyLogCommand({ data }: LogVerifyCommand): Promise<number> {
  const state = new State();
  let verdict: Verdict;
  try {
    verdict = verifyVerdict(verifyLog(openLogFolder(data), (entry) => void evolve(state, entry)), data);
  } catch (error) {
    return await fail(error);
  }
  if (verdict.isGood) {
    await printVisibly(Deno.stdout, `${verdict.text}\nstate ${stateHash(state)}`);
    return 0;
  }
  await printVisibly(Deno.stderr, verdict.text);
  return FAILURE_STATUS;
}
