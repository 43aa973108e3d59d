/**
 * The reason that a node takes nothing from others, in words for people.
 *
 * @module
 */

import type { Full, PeerStatus } from "../ports/node.ts";
import type { RefusalCode } from "../ports/peer_message.ts";

/** A node and what is around it. */
export interface Surroundings {
  readonly peers: readonly PeerStatus[];
  /** The full one, while its disk or its memory is full. */
  readonly full: Full | undefined;
  /** True if every reachable peer refuses it as a stranger. */
  readonly isRemoved: boolean;
  /** True if it serves nevertheless. */
  readonly servesAlone: boolean;
}

/** The reason behind "its peer NAME", by the kind of the refusal. */
const REFUSALS: { readonly [Code in RefusalCode]: string } = {
  version: "runs a release of another major version: start both with one",
  cluster: 'is of another cluster: give both the same "cluster" in the configuration',
  stranger: "does not have it in its configuration: add it there and send SIGHUP",
  clock: "has another time: set the clocks right",
  fork:
    "takes none of its entries, since others have the same numbers (a copied data folder): see chat-server status " +
    "at that node",
  order: "has refused its entries: see chat-server status",
  "read-only": "has a full disk or memory: make room on it",
  closing: "is being stopped",
  key: "has not the cluster key of this node: copy the key file of one to the other",
};

const FULL: { readonly [Each in Full]: string } = {
  disk:
    "the disk of this node is full: it stores nothing and takes nothing in from other nodes; make room on it",
  memory:
    "the memory of this node is full: it takes nothing new, nor anything in from other nodes; delete messages " +
    "here, or start it with more (DENO_V8_FLAGS=--max-old-space-size=MIB)",
};

const REMOVED = "the other nodes have taken this one out of their configuration";

/** The reason, with the way out; `undefined` if a peer is connected and the disk and memory have room, or there are no peers. */
export function aloneText({ peers, full, isRemoved, servesAlone }: Surroundings): string | undefined {
  if (peers.length === 0) return undefined;
  if (isRemoved && !servesAlone) return removedText();
  if (full) return FULL[full];
  if (isRemoved) return `${REMOVED}, and it was started with --alone: what it stores stays on its own disk`;
  if (peers.some(({ state }) => state !== "unreachable" && state !== "refused")) return undefined;
  return `what this node stores is on its own disk only: ${peers.map(peerText).join("; ")}`;
}

/** The reason that a removed node serves nobody, with the way out. */
export function removedText(): string {
  return `${REMOVED}, so it serves nobody: go on with another node; to bring this one back, add it to their ` +
    "configuration and send them SIGHUP, or start it with --alone";
}

function peerText({ name, state, code }: PeerStatus): string {
  if (state === "unreachable" || code === undefined) return `${name} cannot be reached: see that it runs`;
  return `${name} ${REFUSALS[code]}`;
}
