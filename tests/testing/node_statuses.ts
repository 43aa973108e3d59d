/**
 * Node statuses for tests.
 *
 * @module
 */

import type { NodeStatus } from "../../server/admin/node_status.ts";
import type { StartingStatus } from "../../server/admin/starting_status.ts";

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

/** A node that has read a quarter of its log. */
export const STARTING_STATUS: StartingStatus = {
  node: "node1",
  cluster: "test",
  version: "1.0.0",
  pid: 4_711,
  uptimeMs: 5_600,
  starting: {
    step: "log",
    ofBytes: 1_200 * 1_048_576,
    bytes: 300 * 1_048_576,
    entries: 1_234_567,
    leftMs: 17_200,
  },
  residentBytes: 81 * 1_048_576,
};
