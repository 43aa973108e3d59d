/**
 * Plans a reload: a running node takes over a changed list of nodes, and who can register. Every other setting needs a
 * restart.
 *
 * @module
 */

import type { ParsedConfiguration } from "./configuration.ts";
import { shown } from "./fields.ts";
import { type NodeConfiguration, refusalToTalkToPeers } from "./node_configuration.ts";

/** The settings to take over. */
export interface ReloadPlan
  extends Pick<NodeConfiguration, "peers" | "nodes" | "clusterSize" | "registration"> {
  /** Other changed settings, which need a restart, one text each: `hashCost is 10, and 12 in the file`. */
  readonly ignored: readonly string[];
}

/** The reasons why nothing is taken over. */
export interface RefusedReload {
  readonly problems: readonly string[];
}

/** Settings that are taken over, that follow from others, or that only the command line changes. */
const NOT_COMPARED = [
  "peers",
  "nodes",
  "clusterSize",
  "registration",
  "cluster",
  "archive",
  "clusterKeyFile",
  "takesUnproven",
];

/**
 * Compares a running node with the current configuration file.
 *
 * @param before the running node, changes of the command line included
 * @param after the file
 */
export function planReload(
  before: NodeConfiguration,
  after: ParsedConfiguration,
): ReloadPlan | RefusedReload {
  if ("problems" in after) return { problems: after.problems };
  const { cluster, nodes } = after.configuration;
  if (cluster !== before.cluster) {
    return {
      problems: [
        `the cluster is ${before.cluster}, and ${cluster} in the file; a node cannot change its cluster`,
      ],
    };
  }
  const node = nodes.find(({ name }) => name === before.name);
  if (node === undefined) {
    return {
      problems: [`${before.name} is not in the file any more; stop it if it is to leave the cluster`],
    };
  }
  const problem = peerProblem(before, node);
  if (problem !== undefined) return { problems: [problem] };
  return {
    peers: node.peers,
    nodes: withOwnAddress(before, node),
    clusterSize: node.clusterSize,
    registration: node.registration,
    ignored: differences(comparable(before), comparable(node), NOT_COMPARED, ""),
  };
}

/** New peers need certificates that the running node may lack: it must not talk to another machine without TLS. */
function peerProblem(
  { grpc, certificates }: NodeConfiguration,
  after: NodeConfiguration,
): string | undefined {
  const refusal = refusalToTalkToPeers({ grpc, certificates, peers: after.peers });
  if (refusal === undefined || after.certificates === undefined) return refusal;
  return `${after.name} runs without certificates, which it needs for the peers in the file; restart it`;
}

/** The addresses with the node's own as it is until a restart, if it serves clients. */
function withOwnAddress(
  before: NodeConfiguration,
  { name, nodes }: NodeConfiguration,
): NodeConfiguration["nodes"] {
  const own = before.nodes.filter((node) => node.name === name);
  return nodes.flatMap((node) => node.name === name ? own : [node]);
}

/** The node with its certificates in the form of the file. */
function comparable({ certificates, tls, web, ...node }: NodeConfiguration): object {
  return { ...node, tls: ofFile(tls), web: ofFile(web), certificates: certificates?.folder };
}

function ofFile(listener: NodeConfiguration["tls"] | NodeConfiguration["web"]): object | undefined {
  const { certFile, keyFile, ...others } = listener ?? {};
  return listener && { ...others, cert: certFile, key: keyFile };
}

function differences(before: object, after: object, except: readonly string[], path: string): string[] {
  const [old, now] = [before, after] as Readonly<Record<string, unknown>>[];
  if (old === undefined || now === undefined) return [];
  const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...keys].filter((key) => !except.includes(key)).flatMap((key) =>
    difference(old[key], now[key], path + key)
  );
}

function difference(old: unknown, now: unknown, path: string): string[] {
  if (isGroup(old) && isGroup(now)) return differences(old, now, [], `${path}.`);
  if (JSON.stringify(old) === JSON.stringify(now)) return [];
  const [oldText, nowText] = [old, now].map((value) => value === undefined ? "nothing" : shown(value));
  return [`${path} is ${oldText}, and ${nowText} in the file`];
}

function isGroup(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
