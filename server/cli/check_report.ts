/**
 * What `check` says of a configuration, and `run` of one that it cannot use.
 *
 * @module
 */

import type { Configuration, ParsedConfiguration } from "../config/configuration.ts";
import {
  type NodeConfiguration,
  refusalToServeClients,
  refusalToTalkToPeers,
  shownAddress,
  warningsOf,
} from "../config/node_configuration.ts";
import { USAGE_STATUS } from "./command.ts";

/** What to print, and how to end. */
export interface CheckReport {
  readonly text: string;
  /** Exit status; anything but 0 means that the text belongs on standard error. */
  readonly status: number;
}

/**
 * Judges a configuration as a start of every node would.
 *
 * @param fileName where it comes from
 * @param insecure whether every node may listen for clients beyond its machine without TLS
 * @param certificateProblems what is wrong with the certificates of the nodes
 */
export function checkReport(
  parsed: ParsedConfiguration,
  fileName: string,
  insecure: boolean,
  certificateProblems: readonly string[] = [],
): CheckReport {
  const isRead = "configuration" in parsed;
  const problems = [
    ...isRead ? [] : parsed.problems,
    ...refusals(readableNodes(parsed), insecure),
    ...certificateProblems,
  ];
  if (!isRead || problems.length > 0) {
    return { text: problemReport(fileName, problems), status: USAGE_STATUS };
  }
  return { text: summary(parsed.configuration, fileName), status: 0 };
}

/** The nodes of a configuration as far as they could be read. */
export function readableNodes(parsed: ParsedConfiguration): readonly NodeConfiguration[] {
  return "configuration" in parsed ? parsed.configuration.nodes : parsed.readable ?? [];
}

function refusals(nodes: readonly NodeConfiguration[], insecure: boolean): string[] {
  const clients = nodes.flatMap((node) => insecure ? [] : refusalToServeClients(node) ?? []);
  // What one node says of its peers, all say.
  const [peers] = nodes.flatMap((node) => refusalToTalkToPeers(node) ?? []);
  return peers === undefined ? clients : [...clients, peers];
}

/** Everything that is wrong with a file, under its name. */
export function problemReport(fileName: string, problems: readonly string[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${fileName} has ${count}:`, ...problems.map((problem) => `  ${problem}`)].join("\n");
}

function summary({ cluster, nodes }: Configuration, fileName: string): string {
  const width = Math.max(...nodes.map(({ name }) => name.length));
  const warnings = nodes.flatMap(warningsOf).map((warning) => `warning: ${warning}`);
  const count = nodes.length === 1 ? "1 node" : `${nodes.length} nodes`;
  return [
    `${fileName} is good: cluster ${cluster}, ${count}`,
    ...nodes.map((node) => `  ${node.name.padEnd(width)}  ${nodeSummary(node)}`),
    ...warnings,
  ].join("\n");
}

function nodeSummary(node: NodeConfiguration): string {
  const { tcp, tls, grpc, advertise, peers, certificates, tags } = node;
  const parts = tcp === undefined ? ["no clients"] : [`clients ${shownAddress(tcp)}`];
  if (tls !== undefined) parts.push(`TLS ${shownAddress(tls)}`);
  if (tcp !== undefined && shownAddress(advertise) !== shownAddress(tcp)) {
    parts.push(`told ${shownAddress(advertise)}`);
  }
  if (peers.length > 0) parts.push(`peers ${shownAddress(grpc)}${certificates ? " with TLS" : ""}`);
  if (tags.length > 0) parts.push(`tags ${tags.join(", ")}`);
  return parts.join("  ");
}
