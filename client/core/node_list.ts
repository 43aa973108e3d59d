/**
 * The places where nodes may be, the order in which they are tried, and the waits in between.
 *
 * @module
 */

import type { NodeAddress } from "../../common/protocol/shapes.ts";

/** A place where a node may be; `name` where it is known. */
export interface NodePlace {
  readonly host: string;
  readonly port: number;
  readonly name?: string | undefined;
  /** Address of the page of the node, if its WebSocket is the way to it; host and port are then of that address. */
  readonly page?: string | undefined;
}

/** A place where no node could be reached; `reason` in the words of the transport. */
export interface TriedPlace {
  readonly place: NodePlace;
  readonly reason: string;
  /** True if nothing answers there, and the attempt goes on. */
  readonly isSilent?: boolean;
}

/** The first wait after all nodes were tried in vain, and the longest one, ms. */
const WAIT_MS = 200;
const WAIT_MS_MAX = 5_000;

/** The host to connect to: a wildcard address means the machine itself. */
export function reachable(host: string): string {
  return host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
}

/** The place of a node for clients that speak TCP. */
export function tcpPlace({ name, host, port }: NodeAddress): NodePlace {
  return { name, host: reachable(host), port };
}

/** The address of a page, or `host:port` with an IPv6 address in brackets. */
export function shownPlace({ host, port, page }: NodePlace): string {
  if (page !== undefined) return page;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The places of nodes, and the next one to try. */
export class NodeList {
  #places: readonly NodePlace[];
  #next = 0;
  /** Tries in vain since a node was found last. */
  #failures = 0;

  /**
   * @param places at least one
   * @param placeOf the place of a node for this client; undefined if it has none
   */
  constructor(
    places: readonly NodePlace[],
    readonly placeOf: (node: NodeAddress) => NodePlace | undefined = tcpPlace,
  ) {
    this.#places = places;
  }

  /** All places that are known. */
  get places(): readonly NodePlace[] {
    return this.#places;
  }

  /**
   * Takes the nodes of the cluster, as a node has told them: adds the new ones, forgets those that are no more. Places
   * without a name stay: they may lead to a node by another way, such as a tunnel.
   */
  learn(nodes: readonly NodeAddress[]): void {
    if (nodes.length === 0) return;
    const told = unique(nodes.map(this.placeOf).filter((place) => place !== undefined));
    const named = this.#places.map((place) => ({
      ...place,
      name: told.find((each) => same(each, place))?.name ?? place.name,
    }));
    const kept = named.filter(({ name }) => name === undefined || nodes.some((node) => node.name === name));
    // The next place is still the one behind the last, or the one that has come to the place of that.
    const last = this.#places[this.#next - 1];
    this.#places = [...kept, ...told.filter((each) => !kept.some((place) => same(place, each)))];
    if (last === undefined) return;
    const index = this.#places.findIndex((place) => same(place, last));
    this.#next = index >= 0 ? index + 1 : this.#next - 1;
  }

  /**
   * The place to try now; the one after it comes next.
   *
   * @param busy places that are being tried, and are left out
   * @returns `undefined` if all are being tried
   */
  take(busy: readonly NodePlace[] = []): NodePlace | undefined {
    const next = this.#next % this.#places.length;
    const inTurn = [...this.#places.slice(next), ...this.#places.slice(0, next)];
    const place = inTurn.find((each) => !busy.some((other) => same(each, other)));
    // Not cut to the places of this moment: more of them may be known before the next one is tried.
    if (place !== undefined) this.#next = this.#places.indexOf(place) + 1;
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
   * @returns the wait before the next try, ms: nothing until all were tried
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
  return one.port === other.port && one.host === other.host && one.page === other.page;
}

/** Several nodes may have one address in common, behind a proxy. */
function unique(places: readonly NodePlace[]): readonly NodePlace[] {
  return places.filter((place, index) => places.findIndex((each) => same(each, place)) === index);
}
