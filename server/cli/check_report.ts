/**
 * What `check` says of a configuration, and `run` of one that it cannot use.
 *
 * @module
 */

import type { Configuration, ParsedConfiguration } from "../config/configuration.ts";
import {
  type NodeConfiguration,
  refusalToListen,
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
 * @param insecure whether every node may listen beyond its machine without TLS
 */
export function checkReport(parsed: ParsedConfiguration, fileName: string, insecure: boolean): CheckReport {
  if ("problems" in parsed) {
    const problems = insecure ? parsed.problems : [...parsed.problems, ...parsed.refusals ?? []];
    return { text: problemReport(fileName, problems), status: USAGE_STATUS };
  }
  const { configuration } = parsed;
  const refusals = insecure ? [] : configuration.nodes.flatMap((node) => refusalToListen(node) ?? []);
  if (refusals.length > 0) return { text: problemReport(fileName, refusals), status: USAGE_STATUS };
  return { text: summary(configuration, fileName), status: 0 };
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

function nodeSummary({ tcp, tls, grpc, advertise, tags }: NodeConfiguration): string {
  const parts = [`clients ${shownAddress(tcp)}`];
  if (tls !== undefined) parts.push(`TLS ${shownAddress(tls)}`);
  if (shownAddress(advertise) !== shownAddress(tcp)) parts.push(`told ${shownAddress(advertise)}`);
  parts.push(`peers ${shownAddress(grpc)}`);
  if (tags.length > 0) parts.push(`tags ${tags.join(", ")}`);
  return parts.join("  ");
}
