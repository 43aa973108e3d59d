/**
 * What one node is told at its start, with every default in place.
 *
 * @module
 */

import type { NodeAddress } from "../../common/protocol/shapes.ts";
import { isLoopback } from "../core/address.ts";
import type { TextForm } from "./fields.ts";
import { SAFE_HASH_COST, type Settings } from "./settings.ts";

/** Where something listens, or can be reached. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** The TLS port beside the plain one. */
export interface TlsListener extends HostAndPort {
  /** Certificate chain, PEM. */
  readonly certFile: string;
  /** Private key, PEM. */
  readonly keyFile: string;
}

/** One node of the cluster. */
export interface NodeConfiguration extends Settings {
  readonly name: string;
  /** For people. */
  readonly description: string;
  /** Name of the cluster. */
  readonly cluster: string;
  /** Where clients connect without TLS. */
  readonly tcp: HostAndPort;
  /** Where clients connect with TLS. */
  readonly tls?: TlsListener;
  /** Where peers connect. */
  readonly grpc: HostAndPort;
  /** What clients are told of this node. */
  readonly advertise: HostAndPort;
  readonly tags: readonly string[];
  /** Whether it may listen beyond this machine without TLS. */
  readonly insecure: boolean;
  /** What clients are told of all nodes, this one included. */
  readonly nodes: readonly NodeAddress[];
  /** Where the other nodes take connections of peers. */
  readonly peers: readonly NodeAddress[];
}

/** The rule for the names of nodes: they are part of folder names and of changed account names. */
export const NODE_NAME: TextForm = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/,
  what: "a node name: 1 to 32 letters, digits, dots, hyphens and underscores, the first a letter or digit",
};

/** The data folder of a node, unless another is named. */
export function defaultDataFolder(nodeName: string): string {
  return `data/${nodeName}`;
}

/** Whether a host to listen on means every address of the machine, so that nobody can connect to it. */
export function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** `host:port`, with an IPv6 address in brackets. */
export function shownAddress({ host, port }: HostAndPort): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * The same node with another plain port; clients are told of it, unless they are told another port anyway.
 *
 * @param port the port that it listens on
 */
export function withTcpPort(node: NodeConfiguration, port: number): NodeConfiguration {
  const tcp = { ...node.tcp, port };
  if (node.advertise.port !== node.tcp.port) return { ...node, tcp };
  const nodes = node.nodes.map((address) => address.name === node.name ? { ...address, port } : address);
  return { ...node, tcp, advertise: { ...node.advertise, port }, nodes };
}

/** Why a node must not start as it is; undefined where it may. */
export function refusalToListen(
  node: Pick<NodeConfiguration, "name" | "insecure" | "tcp" | "grpc">,
): string | undefined {
  if (node.insecure) return undefined;
  const open = [
    { what: "clients", listener: node.tcp },
    { what: "peers", listener: node.grpc },
  ].filter(({ listener }) => !isLoopback(listener.host));
  if (open.length === 0) return undefined;
  const listeners = open.map(({ what, listener }) => `${shownAddress(listener)} (${what})`).join(" and ");
  return `${node.name} would listen on ${listeners} without TLS, where others can read and change what ` +
    'passes; listen on 127.0.0.1 and give clients a "tls" port, or accept it with "insecure": true or --insecure';
}

/** What a node says at its start, although it starts. */
export function warningsOf(node: NodeConfiguration): string[] {
  const warnings: string[] = [];
  if (node.hashCost < SAFE_HASH_COST) {
    warnings.push(
      `${node.name}: hashCost is ${node.hashCost}, and passwords are only safe from ${SAFE_HASH_COST} on; ` +
        "use less for tests only",
    );
  }
  if (isWildcard(node.tcp.host) && isLoopback(node.advertise.host)) {
    warnings.push(
      `${node.name} listens on ${node.tcp.host}, and clients are told ${
        shownAddress(node.advertise)
      }, which ` +
        'they can reach on this machine only; give "advertise": { "host": ... } if there are others',
    );
  }
  return warnings;
}
