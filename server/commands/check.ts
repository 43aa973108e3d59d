/**
 * The command `check`.
 *
 * @module
 */

import { problemsOnThisMachine } from "../certificates/check_certificates.ts";
import { exposedKeys } from "../certificates/exposed_keys.ts";
import { validityOnDisk } from "../certificates/validity_on_disk.ts";
import type { NodeConfiguration } from "../config/node_configuration.ts";
import { loadConfiguration } from "../config/load_configuration.ts";
import { checkReport, readableNodes } from "./check_report.ts";
import type { CheckCommand } from "../cli/command.ts";
import { clusterKeyProblems } from "../process/cluster_key_file.ts";
import { systemClock } from "../process/system_ports.ts";
import { print } from "./print.ts";

/** The files with the keys of clusters that have no certificates. */
function clusterKeyFiles(nodes: readonly NodeConfiguration[]): string[] {
  const keyed = nodes.filter(({ peers, certificates }) => peers.length > 0 && certificates === undefined);
  return [...new Set(keyed.map(({ clusterKeyFile }) => clusterKeyFile))];
}

/** Checks a configuration and the certificates on this machine; returns the exit status. */
export async function checkCommand({ config, insecure }: CheckCommand): Promise<number> {
  const loaded = await loadConfiguration(config);
  const nodes = readableNodes(loaded);
  const validity = await validityOnDisk(nodes, systemClock.wallMs());
  const keyProblems = await Promise.all(clusterKeyFiles(nodes).map(clusterKeyProblems));
  const problems = [...await problemsOnThisMachine(nodes), ...validity.problems, ...keyProblems.flat()];
  const warnings = [...await exposedKeys(nodes), ...validity.warnings];
  const { text, status } = checkReport(loaded, insecure, problems, warnings);
  await print(status === 0 ? Deno.stdout : Deno.stderr, text);
  return status;
}
