/**
 * The command `check`.
 *
 * @module
 */

import { loadConfiguration } from "../config/load_configuration.ts";
import { checkReport } from "./check_report.ts";
import type { CheckCommand } from "./command.ts";
import { print } from "./print.ts";

/** Checks a configuration file; returns the exit status. */
export async function check({ config, insecure }: CheckCommand): Promise<number> {
  const { text, status } = checkReport(await loadConfiguration(config), config, insecure);
  await print(status === 0 ? Deno.stdout : Deno.stderr, text);
  return status;
}
