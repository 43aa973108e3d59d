/**
 * Replication of a lone node.
 *
 * @module
 */

import type { Replication } from "../../server/ports/node.ts";

/** Replication without peers. */
export const NO_REPLICATION: Replication = {
  synced: () => {},
  copies: () => 0,
  isAwaited: () => false,
  reserve: (_name, done) => done(true),
  announce: () => {},
  isOnline: () => false,
  unavailable: undefined,
  isBehind: false,
  settled: new Map(),
  alone: undefined,
  forks: [],
  status: () => [],
};
