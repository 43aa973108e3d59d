/**
 * The command `init`.
 *
 * @module
 */

import {
  certificateReport,
  DEFAULT_FOLDER,
  missingConfiguration,
} from "../certificates/certificate_report.ts";
import { existingFiles, folderWarnings, makeCertificates } from "../certificates/certificate_folder.ts";
import { planCertificates } from "../certificates/certificate_plan.ts";
import { exposedKeys } from "../certificates/exposed_keys.ts";
import { problemReport } from "./check_report.ts";
import { type InitCommand, USAGE_STATUS } from "../cli/command.ts";
import { besideFile } from "../config/beside_file.ts";
import type { Configuration } from "../config/configuration.ts";
import { isThere, loadConfiguration } from "../config/load_configuration.ts";
import { peerCertificates } from "../config/peer_certificates.ts";
import { systemClock } from "../process/system_ports.ts";
import { fail, FAILURE_STATUS, printVisibly } from "./speak.ts";

/** Makes the certificates that are missing; returns the exit status. */
export async function initCommand({ config }: InitCommand): Promise<number> {
  try {
    if (!await isThere(config)) return await fail(missingConfiguration(config), USAGE_STATUS);
    const loaded = await loadConfiguration(config);
    if ("problems" in loaded) {
      await printVisibly(Deno.stderr, problemReport(config, loaded.problems));
      return USAGE_STATUS;
    }
    return await makeFor(config, loaded.configuration);
  } catch (error) {
    return await fail(error);
  }
}

async function makeFor(config: string, { cluster, nodes }: Configuration): Promise<number> {
  const configured = nodes[0]?.certificates?.folder;
  const folder = configured ?? besideFile(DEFAULT_FOLDER, config);
  const existing = await existingFiles(folder, nodes.map(({ name }) => name));
  const plan = planCertificates(folder, nodes, existing);
  if ("problems" in plan) return await fail(plan.problems.join("; "), FAILURE_STATUS);
  const nowMs = systemClock.wallMs();
  const pairs = [plan.authority, ...plan.nodes];
  // Checked first, so that a broken certificate signs nothing.
  await folderWarnings(pairs.filter(({ certificate }) => certificate === "keep"), nowMs);
  await makeCertificates(folder, cluster, plan, nowMs);
  const keyed = nodes.map(({ name, tls }) => ({ tls, certificates: peerCertificates(folder, name) }));
  const warnings = [...await folderWarnings(pairs, nowMs), ...await exposedKeys(keyed)];
  const isConfigured = configured !== undefined;
  await printVisibly(Deno.stdout, certificateReport({ plan, folder, config, isConfigured, warnings }));
  return 0;
}
