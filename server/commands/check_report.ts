/**
 * The report of `check`.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";
import { BUILT_IN } from "../config/built_in_configuration.ts";
import type { LoadedConfiguration } from "../config/choose_node.ts";
import { CONFIG_FILE, type Configuration, type ParsedConfiguration } from "../config/configuration.ts";
import {
  defaultPageUrl,
  type NodeConfiguration,
  refusalToServeClients,
  refusalToServePage,
  refusalToTalkToPeers,
  shownAddress,
  warningsOf,
  type WebSettings,
} from "../config/node_configuration.ts";
import { USAGE_STATUS } from "../cli/command.ts";

/** Text and exit status of the command. */
interface CheckReport {
  readonly text: string;
  /** Exit status; unless it is 0, the text belongs on standard error. */
  readonly status: number;
}

/**
 * Checks a configuration like the start of every node.
 *
 * @param insecure true if every node may listen for clients beyond its machine without TLS
 * @param certificateProblems problems of the nodes' certificates
 * @param fileWarnings warnings about the nodes' certificates and private keys
 */
export function checkReport(
  loaded: LoadedConfiguration,
  insecure: boolean,
  certificateProblems: readonly string[] = [],
  fileWarnings: readonly string[] = [],
): CheckReport {
  const isRead = "configuration" in loaded;
  const problems = [
    ...isRead ? [] : loaded.problems,
    ...refusals(readableNodes(loaded), insecure),
    ...certificateProblems,
  ];
  if (!isRead || problems.length > 0) {
    return { text: problemReport(loaded.file ?? BUILT_IN, problems), status: USAGE_STATUS };
  }
  return { text: summary(loaded.configuration, loaded.file, fileWarnings), status: 0 };
}

/** The readable nodes of a configuration. */
export function readableNodes(parsed: ParsedConfiguration): readonly NodeConfiguration[] {
  return "configuration" in parsed ? parsed.configuration.nodes : parsed.readable ?? [];
}

function refusals(nodes: readonly NodeConfiguration[], insecure: boolean): string[] {
  const clients = insecure
    ? []
    : nodes.flatMap((node) =>
      [refusalToServeClients(node), refusalToServePage(node)].filter((refusal) => refusal !== undefined)
    );
  // All nodes refuse their peers for the same reason.
  const [peers] = nodes.flatMap((node) => refusalToTalkToPeers(node) ?? []);
  return peers === undefined ? clients : [...clients, peers];
}

/** All problems of a configuration, under its name. */
export function problemReport(name: string, problems: readonly string[]): string {
  return [`${name} has ${counted(problems.length, "problem")}:`, ...problems.map((problem) => `  ${problem}`)]
    .join("\n");
}

function summary(
  { cluster, nodes }: Configuration,
  file: string | undefined,
  fileWarnings: readonly string[],
): string {
  const verdict = file === undefined
    ? `there is no ${CONFIG_FILE} here, so ${BUILT_IN} holds`
    : `${file} is good`;
  const width = Math.max(...nodes.map(({ name }) => name.length));
  const warnings = [...nodes.flatMap(warningsOf), ...fileWarnings].map((warning) => `warning: ${warning}`);
  return [
    `${verdict}: cluster ${cluster}, ${counted(nodes.length, "node")}`,
    ...nodes.map((node) => `  ${node.name.padEnd(width)}  ${nodeSummary(node)}`),
    ...warnings,
  ].join("\n");
}

function nodeSummary(node: NodeConfiguration): string {
  const { tcp, tls, web, metrics, grpc, advertise, peers, certificates, tags } = node;
  const parts = tcp === undefined ? ["no clients"] : [`clients ${shownAddress(tcp)}`];
  if (tls !== undefined) parts.push(`TLS ${shownAddress(tls)}`);
  if (tcp !== undefined && shownAddress(advertise) !== shownAddress(tcp)) {
    parts.push(`told ${shownAddress(advertise)}`);
  }
  if (web !== undefined) parts.push(`page ${pageSummary(web)}`);
  if (metrics !== undefined) parts.push(`metrics ${shownAddress(metrics)}`);
  if (peers.length > 0) parts.push(`peers ${shownAddress(grpc)}${certificates ? " with TLS" : ""}`);
  if (tags.length > 0) parts.push(`tags ${tags.join(", ")}`);
  return parts.join("  ");
}

/** The address that people type, and that of the port if it is another one. */
function pageSummary(web: WebSettings): string {
  return web.url === defaultPageUrl(web) ? web.url : `${web.url} on ${shownAddress(web)}`;
}
