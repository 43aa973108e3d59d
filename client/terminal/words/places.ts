/**
 * The words of the console for nodes that cannot be reached.
 *
 * @module
 */

import { shownPlace, type TriedPlace } from "../../core/node_list.ts";

/** Messages of the runtime for a handshake that failed, and their meaning here. */
const TLS_HINTS: readonly (readonly [string, string])[] = [
  ["InvalidContentType", "no TLS there: leave out --tls, or name its TLS port"],
  ["UnknownIssuer", "its certificate is of an authority that is not known here: --ca FILE names it"],
  ["NotValidForName", "its certificate is not for that name"],
];

/** The nodes that were tried, and the reason for each. */
export function searchText(tried: readonly TriedPlace[]): string {
  if (tried.length === 0) return "no node is reachable";
  const reasons = tried.map(({ place, reason }) => `${shownPlace(place)} (${reasonText(reason)})`);
  return `no node is reachable: ${reasons.join(", ")}`;
}

/** The end of a search in vain, and the ways out. */
export function unreachableText(tried: readonly TriedPlace[]): string {
  return `${searchText(tried)}; start one with chat-server, or name one with --server HOST:PORT`;
}

function reasonText(reason: string): string {
  return TLS_HINTS.find(([words]) => reason.includes(words))?.[1] ?? reason;
}
