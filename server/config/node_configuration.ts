/**
 * The configuration of one node, with every default filled in.
 *
 * @module
 */

import type { NodeAddress } from "../../common/protocol/shapes.ts";
import { isLoopback } from "../core/address.ts";
import type { TextForm } from "./fields.ts";
import type { PeerCertificates } from "./peer_certificates.ts";
import { SAFE_HASH_COST, type Settings } from "./settings.ts";

/** An address to listen on or to connect to. */
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

/** The port of the page and of the client protocol over a WebSocket. */
export interface WebSettings extends HostAndPort {
  /** The address that people type: the text of a URL whose path ends in a slash. */
  readonly url: string;
  /** Certificate chain, PEM; without it, the port has no TLS of its own. */
  readonly certFile?: string;
  /** Private key, PEM; there if `certFile` is. */
  readonly keyFile?: string;
  /** Addresses and blocks of the proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
}

/** The client service of a node and its plain address; an archive has no client service. */
export type ClientService =
  | { readonly archive: false; readonly tcp: HostAndPort }
  | { readonly archive: true; readonly tcp?: HostAndPort };

/** One node of the cluster. */
export type NodeConfiguration = CommonConfiguration & ClientService;

/** The settings that nodes and archives share. */
export interface CommonConfiguration extends Settings {
  readonly name: string;
  /** Description for people. */
  readonly description: string;
  /** Name of the cluster. */
  readonly cluster: string;
  /** Address for clients with TLS; an archive has none. */
  readonly tls?: TlsListener;
  /** The page; an archive, and a node without one, has none. */
  readonly web?: WebSettings;
  /** Address for metrics; a node without one has none. */
  readonly metrics?: HostAndPort;
  /** Address for peers; unused if there are none. */
  readonly grpc: HostAndPort;
  /** Address given to clients; its host is also given to peers if `grpc` listens on a wildcard. */
  readonly advertise: HostAndPort;
  /** Addresses and blocks of the proxies whose connections begin with a PROXY header. */
  readonly proxies: readonly string[];
  /** Certificates that nodes show each other; without them, peers talk without TLS. */
  readonly certificates?: PeerCertificates;
  /** File of the key that nodes without certificates prove to each other. */
  readonly clusterKeyFile: string;
  /** True if peers that prove nothing are taken, as those of an earlier version. */
  readonly takesUnproven?: boolean;
  readonly tags: readonly string[];
  /** True if the node may listen for clients beyond this machine without TLS. */
  readonly insecure: boolean;
  /** Addresses of all nodes that serve clients, this one included. */
  readonly nodes: readonly NodeAddress[];
  /** Peer addresses of the other nodes. */
  readonly peers: readonly NodeAddress[];
  /** Number of configured nodes, this one and archives included. */
  readonly clusterSize: number;
}

/** Name of the key file, beside the configuration unless another place is given. */
export const CLUSTER_KEY_FILE = "cluster_key";

/** The tag of an archive: a node that keeps everything and serves no clients. */
export const ARCHIVE_TAG = "archive";

/** The rule for the names of nodes: they are part of folder names and of changed account names. */
export const NODE_NAME: TextForm = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/,
  what: "a node name: 1 to 32 letters, digits, dots, hyphens and underscores, the first a letter or digit",
};

/** Default data folder of a node. */
export function defaultDataFolder(nodeName: string): string {
  return `data/${nodeName}`;
}

/** True if a host means every address of the machine, and so is none to connect to. */
export function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** `host:port`, with an IPv6 address in brackets. */
export function shownAddress({ host, port }: HostAndPort): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * The same node with another plain port, which is advertised unless another port is. An archive stays as it is.
 *
 * @param port port to listen on
 */
export function withTcpPort(node: NodeConfiguration, port: number): NodeConfiguration {
  if (node.tcp === undefined) return node;
  const tcp = { ...node.tcp, port };
  if (node.advertise.port !== node.tcp.port) return { ...node, tcp };
  const nodes = node.nodes.map((address) => address.name === node.name ? { ...address, port } : address);
  return { ...node, tcp, advertise: { ...node.advertise, port }, nodes };
}

/** The address of a page that is named none: that of its port. */
export function defaultPageUrl(
  { host, port, certFile }: Omit<WebSettings, "url" | "trustedProxies">,
): string {
  const scheme = certFile === undefined ? "http" : "https";
  const text = `${scheme}://${shownAddress({ host, port })}/`;
  return URL.parse(text)?.href ?? text;
}

/**
 * The same node with its page on another port. A page that is not configured is served to this machine only. An
 * archive stays as it is.
 *
 * @param port port to listen on
 */
export function withWebPort(node: NodeConfiguration, port: number): NodeConfiguration {
  if (node.archive) return node;
  const before = node.web ?? { host: "127.0.0.1", port, url: "", trustedProxies: [] };
  const isDefault = node.web === undefined || before.url === defaultPageUrl(before);
  const url = isDefault ? defaultPageUrl({ ...before, port }) : before.url;
  return withOwnPage({ ...node, web: { ...before, port, url } }, url);
}

/** The same node without a page. */
export function withoutWeb({ web: _, ...node }: NodeConfiguration): NodeConfiguration {
  return withOwnPage(node, undefined);
}

/** The same node with that address of its page among those of all nodes. */
function withOwnPage<Node extends NodeConfiguration>(node: Node, url: string | undefined): Node {
  const nodes = node.nodes.map(({ web, ...address }) => {
    const told = address.name === node.name ? url : web;
    return told === undefined ? address : { ...address, web: told };
  });
  return { ...node, nodes };
}

/** The settings behind the links between a node and its peers. */
interface PeerSettings extends Pick<NodeConfiguration, "grpc" | "peers"> {
  readonly certificates?: PeerCertificates | undefined;
}

/** The reason why a node must not start; `undefined` if it may. */
export function refusalToListen(node: NodeConfiguration): string | undefined {
  return refusalToServeClients(node) ?? refusalToServePage(node) ?? refusalToTalkToPeers(node);
}

/** The reason why a node must not listen for clients; `insecure` overrides it. */
export function refusalToServeClients(
  { name, tcp, insecure }: Pick<NodeConfiguration, "name" | "insecure" | "tcp">,
): string | undefined {
  if (insecure || tcp === undefined || isLoopback(tcp.host)) return undefined;
  return `${name} would listen on ${shownAddress(tcp)} (clients) without TLS, where others can read and ` +
    'change what passes; listen on 127.0.0.1 and give clients a "tls" port, or accept it with ' +
    '"insecure": true or --insecure';
}

/** The reason why a node must not serve its page; `insecure` overrides it. */
export function refusalToServePage(
  { name, web, insecure }: Pick<NodeConfiguration, "name" | "insecure" | "web">,
): string | undefined {
  if (insecure || web === undefined) return undefined;
  if (web.certFile === undefined && !isLoopback(web.host)) {
    return `${name} would listen on ${
      shownAddress(web)
    } (page) without TLS, where others can read and change ` +
      'what passes; give "web" a "cert" and a "key", or listen on 127.0.0.1 behind a proxy with TLS, or accept ' +
      'it with "insecure": true or --insecure';
  }
  const url = URL.parse(web.url);
  if (url?.protocol !== "http:" || isLoopback(url.hostname.replace(/^\[|\]$/g, ""))) return undefined;
  return `${name} would have people reach its page at ${web.url} without TLS, where others can read and change ` +
    'what passes; give "web" an "url" with https, and let the proxy there have the certificate, or accept it ' +
    'with "insecure": true or --insecure';
}

/** The reason why a node and its peers must not talk; only certificates remove it. */
export function refusalToTalkToPeers({ grpc, peers, certificates }: PeerSettings): string | undefined {
  if (peers.length === 0 || certificates !== undefined) return undefined;
  const open = [grpc, ...peers].filter(({ host }) => !isLoopback(host)).map(shownAddress);
  if (open.length === 0) return undefined;
  return `nodes would talk with each other on ${open.join(" and ")} without TLS, where others can read, ` +
    "change and make up everything; make certificates with chat-server init and name their folder with " +
    '"certificates", or let the grpc host of every node be 127.0.0.1';
}

/** Warnings of a node that starts all the same. */
export function warningsOf(
  { name, hashCost, originalReconnect, tcp, web, metrics, grpc, advertise, peers, proxies }:
    NodeConfiguration,
): string[] {
  const warnings: string[] = [];
  if (originalReconnect) {
    warnings.push(
      `${name}: originalReconnect is true, and whoever connects from this machine, or through a proxy on it, logs in ` +
        "under any name without a password, reads and deletes; use it for demonstrations only",
    );
  }
  if (hashCost < SAFE_HASH_COST) {
    warnings.push(
      `${name}: hashCost is ${hashCost}, and passwords are only safe from ${SAFE_HASH_COST} on; ` +
        "use less for tests only",
    );
  }
  const wildcard = [tcp, peers.length > 0 ? grpc : undefined].find((one) => one && isWildcard(one.host));
  if (wildcard !== undefined && isLoopback(advertise.host)) {
    warnings.push(
      `${name} listens on ${wildcard.host}, and others are told ${advertise.host}, which they can reach on ` +
        'this machine only; give "advertise": { "host": ... } if there are others',
    );
  }
  const trusted = { proxies, "web.trustedProxies": web?.trustedProxies ?? [] };
  for (const [key, blocks] of Object.entries(trusted)) {
    const everywhere = blocks.find((block) => block.endsWith("/0"));
    if (everywhere === undefined) continue;
    warnings.push(
      `${name} takes every address for a proxy (${key}: ${everywhere}), and so anybody who reaches it can ` +
        "pretend to be at any address; name the addresses of your proxies",
    );
  }
  if (web !== undefined && web.certFile === undefined && web.trustedProxies.length === 0) {
    if (web.url.startsWith("https:")) {
      warnings.push(
        `${name} serves its page behind a proxy (${web.url}) and trusts none, so that all people have the address ` +
          'of the proxy, and limits per address count them as one; name the proxy in "trustedProxies" of "web"',
      );
    }
  }
  if (metrics !== undefined && !isLoopback(metrics.host)) {
    warnings.push(
      `${name} shows its metrics without TLS to everybody who reaches ${
        shownAddress(metrics)
      }: numbers, and ` +
        "names of nodes; let a firewall keep others than your Prometheus out, or listen on 127.0.0.1",
    );
  }
  return warnings;
}
