/**
 * The nodes that a command line or a configuration file names.
 *
 * @module
 */

import { type NodePlace, reachable } from "../../core/node_list.ts";

/** The places of the nodes of one cluster. */
export interface ClusterPlaces {
  readonly places: readonly NodePlace[];
  /** Name of the cluster, where it is known. */
  readonly cluster?: string;
}

/** Places, or the problem of the text that they were read from. */
type ParsedPlaces = ClusterPlaces | { readonly problem: string };

/** The port of a node unless another one is given. */
export const DEFAULT_PORT = 5_000;

/** The tag of nodes that serve no clients. */
const ARCHIVE_TAG = "archive";

/** `host:port,host:port`; an IPv6 address stands in brackets, the port is 5000 unless given. */
export function parseServers(text: string): ParsedPlaces {
  const places: NodePlace[] = [];
  for (const part of text.split(",").map((each) => each.trim())) {
    const [, bracketed, plain, digits] =
      /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+))(?::(\d{1,5}))?$/.exec(part) ?? [];
    const host = bracketed ?? plain;
    const port = digits === undefined ? DEFAULT_PORT : Number(digits);
    if (host === undefined || port < 1 || port > 65_535) {
      return { problem: `${JSON.stringify(part)} is no host:port, such as 127.0.0.1:5000` };
    }
    places.push({ host, port });
  }
  return { places };
}

/**
 * The nodes of a `cluster_config.json`.
 *
 * @param tls true for their TLS ports
 */
export function parseClusterConfig(text: string, tls: boolean): ParsedPlaces {
  let config: unknown;
  try {
    config = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    return { problem: `it is not JSON: ${error instanceof Error ? error.message : error}` };
  }
  const nodes = field(config, "nodes");
  if (!Array.isArray(nodes) || nodes.length === 0) return { problem: "it has no list of nodes under nodes" };
  const places = nodes.flatMap((node) => placeOf(node, tls) ?? []);
  const cluster = field(config, "cluster");
  if (places.length > 0) return isText(cluster) ? { places, cluster } : { places };
  return { problem: `no node in it has a host and a port under ${tls ? "tls" : "tcp"}` };
}

function placeOf(node: unknown, tls: boolean): NodePlace | undefined {
  const tags = field(node, "tags");
  if (Array.isArray(tags) && tags.includes(ARCHIVE_TAG)) return undefined;
  const tcp = field(node, "tcp");
  const listener = tls ? field(node, "tls") : tcp;
  // Behind a wildcard or a translated address, clients are told another one.
  const told = tls ? undefined : field(node, "advertise");
  const host = [field(told, "host"), field(listener, "host"), field(tcp, "host")].find(isText);
  const port = [field(told, "port"), field(listener, "port")].find(isPort);
  const name = field(node, "name");
  if (host === undefined || port === undefined) return undefined;
  return { host: reachable(host), port, ...(isText(name) ? { name } : {}) };
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;
}
