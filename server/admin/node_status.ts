/**
 * The status of a running node for its administrator: counts and names of nodes, never words of people, and of people
 * only the names of the two who need the most room.
 *
 * @module
 */

import type { Largest, LargestInbox, LargestSender } from "../core/accounts/largest.ts";
import type { ArchiveStatus, VerificationStatus } from "../ports/archive.ts";
import type { DrainStatus, ForkStatus, Full, PeerStatus } from "../ports/node.ts";
import type { PassingLevel } from "../diagnostics/log_level.ts";
import { type Checks, fits, isCount, isText, parseChecked } from "./checks.ts";
import { PASSING_LEVEL_CHECKS } from "./level_request.ts";

/** Reasons to look at the clock of a node. */
export interface ClockStatus {
  /** Last jump within a day, ms: ahead, or back if negative; and the time since then. */
  readonly jumpedMs?: number;
  readonly jumpedAgoMs?: number;
  /** Lead of the latest stamp in the log over the clock, ms, if it is over a minute. */
  readonly stampsAheadMs?: number;
}

/** The memory for objects in V8, without what is outside it: buffers, threads, the archive. */
interface HeapStatus {
  /** Used memory, with garbage that is not collected yet, bytes. */
  readonly usedBytes: number;
  /** Room for objects that stay, bytes. */
  readonly limitBytes: number;
}

/** The status of a node at one moment. */
export interface NodeStatus extends Largest {
  /** Name of the node. */
  readonly node: string;
  readonly cluster: string;
  /** Version of the program. */
  readonly version: string;
  /** Process id. */
  readonly pid: number;
  readonly uptimeMs: number;
  /** Number of disks that hold a message acknowledged now. */
  readonly copies: number;
  /** Number of configured nodes, this one included. */
  readonly nodes: number;
  /** True while disk or memory is full and nothing new is taken. */
  readonly readOnly: boolean;
  /** The full one. Absent while both have room, and in the status of an earlier version, whose disk it is. */
  readonly full?: Full;
  /** The reason why clients are not served; `null` while they are. */
  readonly filling: string | null;
  /** The move of its clients to other nodes, before it ends; absent unless that has begun. */
  readonly draining?: DrainStatus;
  /** The reason why the node takes nothing from others, with the way out; absent while it does. */
  readonly alone?: string;
  /** Address of the page, as people type it; absent if the node serves none. */
  readonly page?: string;
  /** Address of the metrics; absent if the node has none. */
  readonly metrics?: string;
  /** The level of diagnostics that holds for a while; absent while that of the start does. */
  readonly logLevel?: PassingLevel;
  readonly accounts: number;
  /** Number of messages that are not deleted; those of a deleted account count until the archive has erased them. */
  readonly messages: number;
  /** Number of messages in memory: settled ones leave it once the archive has them. A node of version 1.0 has all there. */
  readonly residentMessages?: number;
  /** Number of logged-in connections. */
  readonly sessions: number;
  /** Number of entries in the log. */
  readonly entries: number;
  /** The archive of the log. A node of an earlier version has none. */
  readonly archive?: ArchiveStatus;
  /** The verification of the log. A node of an earlier version leaves it out. */
  readonly verification?: VerificationStatus;
  /** Absent while there is nothing to say about it. */
  readonly clock?: ClockStatus;
  readonly peers: readonly PeerStatus[];
  /** Origins that have two branches. A node of an earlier version leaves it out. */
  readonly forks?: readonly ForkStatus[];
  /** Resident memory of the process, bytes. */
  readonly residentBytes: number;
  /** A node of an earlier version leaves it out. */
  readonly heap?: HeapStatus;
}

const STATES: Readonly<Record<PeerStatus["state"], true>> = {
  "in sync": true,
  behind: true,
  slow: true,
  unreachable: true,
  refused: true,
};

const PEER_CHECKS: Checks<PeerStatus> = {
  name: isText,
  state: (value) => isText(value) && Object.hasOwn(STATES, value),
  entriesBehind: isCount,
  reason: isTextOrAbsent,
  code: isTextOrAbsent,
  heldMs: (value) => value === undefined || isCount(value),
};

const CLOCK_CHECKS: Checks<ClockStatus> = {
  jumpedMs: (value) => value === undefined || Number.isSafeInteger(value),
  jumpedAgoMs: (value) => value === undefined || isCount(value),
  stampsAheadMs: (value) => value === undefined || isCount(value),
};

const INBOX_CHECKS: Checks<LargestInbox> = { name: isText, messages: isCount, bytes: isCount };

const SENDER_CHECKS: Checks<LargestSender> = { name: isText, bytes: isCount };

const ARCHIVE_CHECKS: Checks<ArchiveStatus> = {
  position: isCount,
  lag: isCount,
  isBuilding: isBoolean,
  problem: isTextOrAbsent,
  memoryMayLack: (value) => value === undefined || value === true,
};

const HEAP_CHECKS: Checks<HeapStatus> = { usedBytes: isCount, limitBytes: isCount };

const VERIFICATION_CHECKS: Checks<VerificationStatus> = {
  isDone: isBoolean,
  bytes: isCount,
  ofBytes: isCount,
};

const LACKING_CHECKS: Checks<DrainStatus["lacking"][number]> = { name: isText, entries: isCount };

const DRAIN_CHECKS: Checks<DrainStatus> = {
  phase: (value) => value === "moving" || value === "waiting" || value === "over",
  leftMs: isCount,
  moved: isCount,
  here: isCount,
  lacking: (value) => Array.isArray(value) && value.every((peer) => fits(peer, LACKING_CHECKS)),
};

const FORK_CHECKS: Checks<ForkStatus> = {
  origin: isText,
  after: (value) => value === null || isCount(value),
  same: isTexts,
  other: isTexts,
  unseen: isTexts,
};

const CHECKS: Checks<NodeStatus> = {
  node: isText,
  cluster: isText,
  version: isText,
  pid: isCount,
  uptimeMs: (value) => typeof value === "number" && value >= 0,
  copies: isCount,
  nodes: isCount,
  readOnly: isBoolean,
  full: (value) => value === undefined || value === "disk" || value === "memory",
  filling: (value) => value === null || isText(value),
  draining: (value) => value === undefined || fits(value, DRAIN_CHECKS),
  alone: isTextOrAbsent,
  page: isTextOrAbsent,
  metrics: isTextOrAbsent,
  logLevel: (value) => value === undefined || fits(value, PASSING_LEVEL_CHECKS),
  accounts: isCount,
  messages: isCount,
  residentMessages: (value) => value === undefined || isCount(value),
  largestInbox: (value) => value === undefined || fits(value, INBOX_CHECKS),
  largestSender: (value) => value === undefined || fits(value, SENDER_CHECKS),
  sessions: isCount,
  entries: isCount,
  archive: (value) => value === undefined || fits(value, ARCHIVE_CHECKS),
  verification: (value) => value === undefined || fits(value, VERIFICATION_CHECKS),
  clock: (value) => value === undefined || fits(value, CLOCK_CHECKS),
  peers: (value) => Array.isArray(value) && value.every((peer) => fits(peer, PEER_CHECKS)),
  forks: (value) =>
    value === undefined || Array.isArray(value) && value.every((fork) => fits(fork, FORK_CHECKS)),
  residentBytes: isCount,
  heap: (value) => value === undefined || fits(value, HEAP_CHECKS),
};

/** Parses the JSON of a status; `undefined` if it is none. Unknown fields are kept. */
export function parseNodeStatus(json: string): NodeStatus | undefined {
  return parseChecked(json, CHECKS);
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || isText(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}
