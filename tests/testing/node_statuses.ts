/**
 * Node statuses for tests.
 *
 * @module
 */

import type { NodeStatus } from "../../server/admin/node_status.ts";

/** A node with one peer in sync and one that is unreachable. */
export const NODE_STATUS: NodeStatus = {
  node: "node1",
  cluster: "test",
  version: "1.0.0",
  pid: 4_711,
  uptimeMs: 273_845_000,
  copies: 2,
  nodes: 3,
  readOnly: false,
  filling: null,
  accounts: 12,
  messages: 1_204,
  sessions: 3,
  entries: 123_456,
  peers: [
    { name: "node2", state: "in sync", entriesBehind: 0 },
    { name: "archive1", state: "unreachable", entriesBehind: 7, reason: "connection refused" },
  ],
  residentBytes: 81 * 1_048_576,
};
