/**
 * The command `check`.
 *
 * @module
 */

import { problemsOnThisMachine } from "../certificates/check_certificates.ts";
import { exposedKeys } from "../certificates/exposed_keys.ts";
import { loadConfiguration } from "../config/load_configuration.ts";
import { checkReport, readableNodes } from "./check_report.ts";
import type { CheckCommand } from "../cli/command.ts";
import { print } from "./print.ts";

/** Checks a configuration and the certificates on this machine; returns the exit status. */
export async function checkCommand({ config, insecure }: CheckCommand): Promise<number> {
  const loaded = await loadConfiguration(config);
  const nodes = readableNodes(loaded);
  const certificateProblems = await problemsOnThisMachine(nodes);
  const { text, status } = checkReport(loaded, insecure, certificateProblems, await exposedKeys(nodes));
  await print(status === 0 ? Deno.stdout : Deno.stderr, text);
  return status;
}
