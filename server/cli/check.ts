/**
 * The command `check`.
 *
 * @module
 */

import { problemsOnThisMachine } from "../certificates/check_certificates.ts";
import { loadConfiguration } from "../config/load_configuration.ts";
import { checkReport, readableNodes } from "./check_report.ts";
import type { CheckCommand } from "./command.ts";
import { print } from "./print.ts";

/** Checks a configuration file, and the certificates that are here; returns the exit status. */
export async function check({ config, insecure }: CheckCommand): Promise<number> {
  const parsed = await loadConfiguration(config);
  const certificateProblems = await problemsOnThisMachine(readableNodes(parsed));
  const { text, status } = checkReport(parsed, config, insecure, certificateProblems);
  await print(status === 0 ? Deno.stdout : Deno.stderr, text);
  return status;
}
