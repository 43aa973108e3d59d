/**
 * The report of `init`.
 *
 * @module
 */

import { AUTHORITY, keyFileOf } from "../config/peer_certificates.ts";
import type { GoodPlan } from "./certificate_folder.ts";
import type { PlannedPair } from "./certificate_plan.ts";

/** The content of the report. */
export interface CertificateReport {
  readonly plan: GoodPlan;
  readonly folder: string;
  /** The configuration file. */
  readonly config: string;
  /** True if the configuration names the folder. */
  readonly isConfigured: boolean;
  /** Warnings about certificates that expire. */
  readonly warnings: readonly string[];
}

/** Default folder, beside the configuration. */
export const DEFAULT_FOLDER = "certificates";

/** One line for each file, then the files that each machine needs. */
export function certificateReport(report: CertificateReport): string {
  const { authority, nodes } = report.plan;
  return [
    ...[authority, ...nodes].flatMap(fileLines),
    ...report.warnings.map((warning) => `warning: ${warning}`),
    "",
    "Each node needs three of these files on its machine, in the folder that its configuration names:",
    ...nodes.map(({ name }) => `  ${name}: ${AUTHORITY}.pem, ${name}.pem, ${name}.key`),
    `No node needs ${
      keyFileOf(report.folder, AUTHORITY)
    }: keep it safe, for whoever has it can pose as any node.`,
    ...report.isConfigured ? [] : configurationLines(report.config),
  ].join("\n");
}

/** The way out of a missing configuration; its example can be used as it stands. */
export function missingConfiguration(config: string): string {
  return `${config} does not exist; name another with --config FILE, or write it first, with all nodes, as in\n` +
    EXAMPLE;
}

/** Two nodes on two machines. */
export const EXAMPLE = `{
  "cluster": "chat",
  "certificates": "${DEFAULT_FOLDER}",
  "nodes": [
    {
      "name": "node1",
      "tcp": { "host": "127.0.0.1", "port": 5000 },
      "grpc": { "host": "10.0.0.1", "port": 50051 }
    },
    {
      "name": "node2",
      "tcp": { "host": "127.0.0.1", "port": 5001 },
      "grpc": { "host": "10.0.0.2", "port": 50051 }
    }
  ]
}`;

function fileLines({ name, certFile, keyFile, certificate, key }: PlannedPair): string[] {
  const done = { make: "made", keep: "kept" };
  const certificateLine = `${done[certificate]} ${certFile}`;
  if (key !== "elsewhere") return [`${done[key]} ${keyFile}`, certificateLine];
  return [
    `${keyFile} is not here${
      name === AUTHORITY ? AUTHORITY_KEY_ELSEWHERE : nodeKeyElsewhere(name, certFile)
    }`,
    certificateLine,
  ];
}

const AUTHORITY_KEY_ELSEWHERE = ", which is well if it is kept safe elsewhere; it is needed for new nodes";

function nodeKeyElsewhere(name: string, certFile: string): string {
  return `, which is well if it is on the machine of ${name}; if it is lost, delete ${certFile} and run init again`;
}

function configurationLines(config: string): string[] {
  return [
    "",
    `Add this line to ${config}, above "nodes", on every machine, and restart the nodes:`,
    `  "certificates": "${DEFAULT_FOLDER}",`,
  ];
}
