/**
 * What a running node says of itself to whoever looks after it: numbers and names of nodes, nothing that
 * people say.
 *
 * @module
 */

import type { PeerStatus } from "../ports/node.ts";

/** See the module. */
export interface NodeStatus {
  /** Name of the node. */
  readonly node: string;
  readonly cluster: string;
  /** Of the program. */
  readonly version: string;
  /** Process id. */
  readonly pid: number;
  readonly uptimeMs: number;
  /** On how many disks a message is that is acknowledged at this moment. */
  readonly copies: number;
  /** How many nodes are configured, this one included. */
  readonly nodes: number;
  /** Whether the disk is full, so that nothing can be changed. */
  readonly readOnly: boolean;
  /** Why clients are not served yet; null once they are. */
  readonly filling: string | null;
  readonly accounts: number;
  readonly messages: number;
  /** Connections of clients that are logged in. */
  readonly sessions: number;
  /** How many entries are in the log. */
  readonly entries: number;
  readonly peers: readonly PeerStatus[];
  /** Memory of the process. */
  readonly residentBytes: number;
}

type Checks<T> = { readonly [Name in keyof T]-?: (value: unknown) => boolean };

const STATES: Readonly<Record<PeerStatus["state"], true>> = {
  "in sync": true,
  behind: true,
  unreachable: true,
  refused: true,
};

const PEER_CHECKS: Checks<PeerStatus> = {
  name: isText,
  state: (value) => isText(value) && Object.hasOwn(STATES, value),
  entriesBehind: isCount,
  reason: (value) => value === undefined || isText(value),
};

const CHECKS: Checks<NodeStatus> = {
  node: isText,
  cluster: isText,
  version: isText,
  pid: isCount,
  uptimeMs: (value) => typeof value === "number" && value >= 0,
  copies: isCount,
  nodes: isCount,
  readOnly: (value) => typeof value === "boolean",
  filling: (value) => value === null || isText(value),
  accounts: isCount,
  messages: isCount,
  sessions: isCount,
  entries: isCount,
  peers: (value) => Array.isArray(value) && value.every((peer) => fits(peer, PEER_CHECKS)),
  residentBytes: isCount,
};

/** Reads what `JSON.stringify` made of one; undefined where the text is anything else. Strange fields are kept. */
export function parseNodeStatus(json: string): NodeStatus | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  return fits(value, CHECKS) ? value as NodeStatus : undefined;
}

function fits<T>(value: unknown, checks: Checks<T>): boolean {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.entries<(value: unknown) => boolean>(checks).every(([name, check]) => check(fields[name]));
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
