/**
 * Where nodes may be found, in which order they are tried, and how long is waited in between.
 *
 * @module
 */

import type { NodeAddress } from "../../common/protocol/shapes.ts";

/** A place where a node may be; `name` where it is known. */
export interface NodePlace {
  readonly host: string;
  readonly port: number;
  readonly name?: string | undefined;
}

/** Places, or what is wrong with what they were read from. */
export type ParsedPlaces = { readonly places: readonly NodePlace[] } | { readonly problem: string };

/** Where a node is unless something else is said. */
export const DEFAULT_PORT = 5_000;

/** The tag of nodes that serve no clients. */
const ARCHIVE_TAG = "archive";

/** The first wait after all nodes were tried in vain, and the longest one, ms. */
const WAIT_MS = 200;
const WAIT_MS_MAX = 5_000;

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
 * @param tls whether their TLS ports are wanted
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
  if (places.length > 0) return { places };
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

/** Nobody can connect to a wildcard address; the machine itself is meant then. */
function reachable(host: string): string {
  return host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
}

/** `host:port`, with an IPv6 address in brackets. */
export function shownPlace({ host, port }: NodePlace): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The nodes, and which of them is tried next. */
export class NodeList {
  #places: readonly NodePlace[];
  #next = 0;
  /** Tries in vain since a node was found last. */
  #failures = 0;

  /** @param places at least one */
  constructor(places: readonly NodePlace[]) {
    this.#places = places;
  }

  /** All places that are known. */
  get places(): readonly NodePlace[] {
    return this.#places;
  }

  /** Adds what a node said of its cluster, and the names of the nodes that had none. */
  learn(nodes: readonly NodeAddress[]): void {
    const told = nodes.map((node) => ({ ...node, host: reachable(node.host) }));
    const named = this.#places.map((place) => ({
      ...place,
      name: place.name ?? told.find((node) => same(node, place))?.name,
    }));
    this.#places = [...named, ...told.filter((node) => !named.some((place) => same(place, node)))];
  }

  /** The place to try now; the one after it comes next. */
  take(): NodePlace {
    const place = this.#places[this.#next % this.#places.length];
    if (place === undefined) throw new RangeError("a list of nodes has at least one");
    // Not cut to the places of this moment: more of them may be known before the next one is tried.
    this.#next = this.#places.indexOf(place) + 1;
    return place;
  }

  /** Makes the node of that name, if its place is known, the next one. */
  prefer(name: string): boolean {
    const index = this.#places.findIndex((place) => place.name === name);
    if (index >= 0) this.#next = index;
    return index >= 0;
  }

  /** A node was found: the next break begins with short waits again. */
  found(): void {
    this.#failures = 0;
  }

  /**
   * A place was tried in vain.
   *
   * @param chance from 0 to 1: half of a wait is left to it, so that many clients do not come at once
   * @returns how long to wait before the next one, ms: nothing until all were tried
   */
  failed(chance: number): number {
    this.#failures++;
    if (this.#failures % this.#places.length > 0) return 0;
    const rounds = this.#failures / this.#places.length;
    const longest = Math.min(WAIT_MS_MAX, WAIT_MS * 2 ** (rounds - 1));
    return Math.round(longest * (0.5 + chance / 2));
  }
}

function same(one: NodePlace, other: NodePlace): boolean {
  return one.port === other.port && one.host === other.host;
}

/** What is said where no node could be found. @param problem which were tried, if any; empty otherwise */
export function unreachableText(problem: string): string {
  return `${
    problem || "no node is reachable"
  }; start one with chat-server, or name one with --server HOST:PORT`;
}
