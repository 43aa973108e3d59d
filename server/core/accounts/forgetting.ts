/**
 * The rule for forgetting the names of deleted accounts.
 *
 * @module
 */

import type { State } from "../state.ts";
import type { Version } from "../version.ts";
import type { Account } from "./account.ts";

/**
 * Deleted accounts whose names can be forgotten. No displayed name depends on them today. Because the deletion is
 * settled, none will, unless a node comes back that was not in the configuration: accounts that are made from now on
 * know of the deletion, whatever the clocks say (`AccountCreated`).
 *
 * @param settled a version that every node knew when it made whatever arrives from now on
 */
export function forgettableAccounts({ forgettable }: State, settled: Version): Account[] {
  return [...forgettable].filter(({ deleted }) =>
    deleted !== undefined && deleted.stamp <= (settled.get(deleted.origin)?.stamp ?? 0)
  );
}
