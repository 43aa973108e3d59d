/**
 * The rule for forgetting the names of deleted accounts.
 *
 * @module
 */

import { stampMs } from "../stamp.ts";
import type { State } from "../state.ts";
import type { Version } from "../version.ts";
import type { Account } from "./account.ts";

/** Nodes whose clocks are further apart do not speak to each other, ms. */
const CLOCKS_APART_MS_MAX = 60_000;

/**
 * Deleted accounts whose names can be forgotten. No displayed name depends on them today. Because the deletion is
 * settled and in the past of every clock, none will, unless a node comes back that was not in the configuration.
 *
 * @param settled a version that every node knew when it made whatever arrives from now on
 * @param wallMs wall clock of this node, milliseconds since the Unix epoch
 */
export function forgettableAccounts({ forgettable }: State, settled: Version, wallMs: number): Account[] {
  return [...forgettable].filter(({ deleted }) => {
    if (deleted === undefined || stampMs(deleted.stamp) + CLOCKS_APART_MS_MAX > wallMs) return false;
    return deleted.stamp <= (settled.get(deleted.origin)?.stamp ?? 0);
  });
}
