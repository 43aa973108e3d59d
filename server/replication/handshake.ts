/**
 * The first messages of a stream, and the reasons not to go on.
 *
 * @module
 */

import type { ChainedPlace, Reached, Version } from "../core/version.ts";
import { type HelloMessage, type RefusalMessage, REPLICATION_VERSION } from "../ports/peer_message.ts";
import { clockProblem } from "./clocks.ts";

/** Minor version from which on nodes know chains, and can look for a branching. */
export const CHAINS_MINOR = 1;

/** This node, as others see it. */
export interface Identity {
  readonly name: string;
  readonly cluster: string;
  /** Of its own entries at this moment. */
  readonly origin: string;
}

/** The first message of this node. */
export function helloOf({ name, cluster }: Identity, wallMs: number, version: Version): HelloMessage {
  const { major, minor } = REPLICATION_VERSION;
  return { type: "hello", major, minor, cluster, node: name, wallMs, version: listed(version) };
}

/** A version vector as it is sent. */
export function listed(version: Version): ChainedPlace[] {
  return [...version].map(([origin, reached]) => placeOf(origin, reached));
}

/** The last entry of an origin, as it is sent. */
export function placeOf(origin: string, { seq, stamp, chain }: Reached): ChainedPlace {
  return { origin, seq, stamp, chain };
}

/** A version vector that was sent. */
export function versionOf(list: readonly ChainedPlace[]): Map<string, Reached> {
  return new Map(list.map(({ origin, seq, stamp, chain }) => [origin, { seq, stamp, chain }]));
}

/** The reason not to talk with another node, if there is one. `findFork` compares the logs. */
export function helloProblem(
  own: Identity,
  hello: HelloMessage,
  expected: string | undefined,
  wallMs: number,
): RefusalMessage | undefined {
  const { node, cluster, major, minor } = hello;
  const { major: ownMajor, minor: ownMinor } = REPLICATION_VERSION;
  if (major !== ownMajor) {
    return refusalMessage(
      "version",
      `${node} speaks version ${major}.${minor} of the replication protocol and ${own.name} ` +
        `${ownMajor}.${ownMinor}; start both nodes with releases of one major version`,
    );
  }
  if (cluster !== own.cluster) {
    return refusalMessage(
      "cluster",
      `${node} is of the cluster ${cluster} and ${own.name} of ${own.cluster}`,
    );
  }
  if (expected !== node) {
    return refusalMessage(
      "stranger",
      expected === undefined
        ? `${node} is no node in the configuration of ${own.name}; add it there and reload with SIGHUP`
        : otherNodeText(node, expected),
    );
  }
  return clockProblem(own.name, node, Math.abs(hello.wallMs - wallMs));
}

/** The reason to refuse a node that has another one's address or certificate. */
export function otherNodeText(found: string, expected: string): string {
  return `this is ${found} and should be ${expected}; look at hosts, ports and certificates`;
}

/** A refusal. */
export function refusalMessage(code: RefusalMessage["code"], message: string): RefusalMessage {
  return { type: "refusal", code, message };
}

/** The refusal of a node that has proved nothing and must. */
export function unprovenMessage(own: string, node: string): RefusalMessage {
  return refusalMessage(
    "key",
    `${node} has not proved that it has the cluster key, and ${own} takes only nodes that do; start ${node} with ` +
      `this version and a copy of the key file, or ${own} with --unproven-peers while ${node} must run an ` +
      "earlier version",
  );
}

/** Two entries in one place: the data folder of a node was copied, and both copies were used. */
export interface Fork {
  readonly place: ChainedPlace;
  /** True if it is this node that must not go on. */
  readonly isOwn: boolean;
}

/**
 * Compares the versions of another node and of this one by stamps, for a node of 1.0.
 *
 * @param version of the state here
 */
export function findFork(own: Identity, version: Version, theirs: Version): Fork | undefined {
  for (const [origin, reached] of theirs) {
    const here = version.get(origin);
    const isOwn = origin === own.origin;
    const isAhead = isOwn && reached.seq > (here?.seq ?? 0);
    const differs = here !== undefined && here.seq === reached.seq && here.stamp !== reached.stamp;
    if (isAhead || differs) return { place: { origin, ...reached }, isOwn };
  }
  return undefined;
}
