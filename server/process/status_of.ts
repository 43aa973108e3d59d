/**
 * The status of a running node, put together for its administrator.
 *
 * @module
 */

import type { NodeStatus } from "../admin/node_status.ts";
import { largestOf } from "../core/accounts/largest.ts";
import { copiesNow } from "../node/copies_now.ts";
import type { Node } from "../node/node.ts";
import { clockStatus } from "./clock_status.ts";
import type { ObservedNode } from "./observed_node.ts";
import { fullOf } from "./replica_host.ts";
import { systemClock } from "./system_ports.ts";

/** Numbers of accounts, of messages that are not deleted, and of those in memory. */
export function countsOf(
  { state: { directory, messages, storedMessages } }: Node,
): Required<Pick<NodeStatus, "accounts" | "messages" | "residentMessages">> {
  return {
    accounts: directory.size,
    messages: Math.max(0, storedMessages),
    residentMessages: messages.size,
  };
}

/** The status of a node at this moment. */
export function statusOf(
  { node, ports, metrics, log, history, memory, cluster: member, archive, verification }: ObservedNode,
): NodeStatus {
  const { name, cluster, version, clusterSize } = node.settings;
  const { replication } = node.ports;
  const { alone, unavailable, forks } = replication;
  const peers = replication.status();
  const full = fullOf(log, memory);
  const page = ports?.page?.url;
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
    ...(node.drain.status === undefined ? {} : { draining: node.drain.status }),
    ...(alone === undefined ? {} : { alone }),
    ...(page === undefined ? {} : { page }),
    ...(metrics === undefined ? {} : { metrics: metrics.url }),
    ...countsOf(node),
    ...largestOf(node.state, wallMs),
    sessions: node.audience.size,
    entries: history.end.position,
    archive: archive.status(),
    verification: verification.status(),
    ...clockStatus(member.clockJump, node.state.stamp, wallMs),
    peers,
    forks,
    residentBytes: Deno.memoryUsage().rss,
    heap: memory.status,
  };
}
