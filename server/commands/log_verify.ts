/**
 * The command `log verify`.
 *
 * @module
 */

import type { LogVerifyCommand } from "../cli/command.ts";
import { evolve } from "../core/evolve.ts";
import { State } from "../core/state.ts";
import { haltedText, haltsNode, readForks, type StoredFork } from "../log/fork_file.ts";
import { verifyLog } from "../log/verify_log.ts";
import { fail, FAILURE_STATUS, printVisibly } from "./speak.ts";
import { openLogFolder } from "./log_folder.ts";
import { type Verdict, verifyVerdict } from "./log_report.ts";
import { stateHash } from "./state_hash.ts";

/**
 * Verifies a log, even while its node is running; returns the exit status: 1 if it is damaged, or if a fork keeps
 * its node from starting.
 */
export async function verifyLogCommand({ data }: LogVerifyCommand): Promise<number> {
  const state = new State();
  let verdict: Verdict;
  let fork: StoredFork | undefined;
  try {
    const files = openLogFolder(data);
    verdict = verifyVerdict(verifyLog(files, (entry) => void evolve(state, entry)), data);
    fork = readForks(files).find(haltsNode);
  } catch (error) {
    return await fail(error);
  }
  if (verdict.isGood) {
    await printVisibly(Deno.stdout, `${verdict.text}\nstate ${stateHash(state)}`);
    if (fork === undefined) return 0;
  } else await printVisibly(Deno.stderr, verdict.text);
  if (fork !== undefined) await printVisibly(Deno.stderr, `A start is refused. ${haltedText(fork)}`);
  return FAILURE_STATUS;
}
