/**
 * The status of a running node, put together for its administrator.
 *
 * @module
 */

import type { HeapStatus, NodeStatus } from "../admin/node_status.ts";
import { largestOf } from "../core/accounts/largest.ts";
import { copiesNow } from "../node/copies_now.ts";
import type { Node } from "../node/node.ts";
import type { ArchiveStatus, VerificationStatus } from "../ports/archive.ts";
import type { Full } from "../ports/node.ts";
import type { ClockJump } from "../replication/clock_watch.ts";
import { clockStatus } from "./clock_status.ts";
import { systemClock } from "./system_ports.ts";

/** The parts of a running node that its status shows. */
interface StatusParts {
  readonly node: Node;
  /** Address of the page, if it is served. */
  readonly page: string | undefined;
  /** Number of entries in the log. */
  readonly entries: number;
  readonly full: Full | undefined;
  readonly clockJump: ClockJump | undefined;
  readonly counts: Pick<NodeStatus, "accounts" | "messages" | "residentMessages">;
  readonly archive: ArchiveStatus;
  readonly heap: HeapStatus;
  readonly verification: VerificationStatus;
}

/** The status of a node at this moment. */
export function statusOf(
  { node, page, entries, full, clockJump, counts, archive, heap, verification }: StatusParts,
): NodeStatus {
  const { name, cluster, version, clusterSize } = node.settings;
  const { replication } = node.ports;
  const { alone, unavailable, forks } = replication;
  const peers = replication.status();
  const wallMs = systemClock.wallMs();
  return {
    node: name,
    cluster,
    version,
    pid: Deno.pid,
    uptimeMs: Math.round(performance.now()),
    copies: copiesNow(peers),
    nodes: clusterSize,
    readOnly: full !== undefined,
    ...(full === undefined ? {} : { full }),
    filling: unavailable ?? null,
    ...(alone === undefined ? {} : { alone }),
    ...(page === undefined ? {} : { page }),
    ...counts,
    ...largestOf(node.state, wallMs),
    sessions: node.audience.size,
    entries,
    archive,
    verification,
    ...clockStatus(clockJump, node.state.stamp, wallMs),
    peers,
    forks,
    residentBytes: Deno.memoryUsage().rss,
    heap,
  };
}
