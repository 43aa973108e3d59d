/**
 * The reports of `log repair` about forks.
 *
 * @module
 */

import type { StoredFork } from "../log/fork_file.ts";
import type { BranchPlan } from "../log/new_origin.ts";

/** The report of the forks that a node has found, with the ways out. */
export function branchPlanText(plans: readonly BranchPlan[]): string {
  return [
    ...plans.map(planText),
    "Nothing was changed. Give --keep-origin at the node of one branch, and --as-new-origin at the node of the " +
    "other and at every node that holds entries of it. Nothing is lost by that: when they run again, all nodes " +
    "get the entries of both branches",
  ].join("\n");
}

function planText({ fork, origin, entries }: BranchPlan): string {
  const seen = new Date(fork.seenMs).toISOString();
  const place =
    `${fork.origin} has two branches behind entry ${fork.after} (found ${seen}): another node has ` +
    "other entries of it than this one";
  if (origin === undefined) return `${place}. This log has none behind that entry`;
  return `${place}. --as-new-origin would make the ${entries} of this log entries of ${origin}`;
}

/** The report of branches that have got an origin of their own. */
export function movedText(moved: readonly BranchPlan[], data: string): string {
  if (moved.length === 0) return noForkText(data);
  return [
    ...moved.map(movedBranchText),
    "The node can be started, and begins an origin of its own for what it writes from now on",
  ].join("\n");
}

function movedBranchText({ fork, origin, entries }: BranchPlan): string {
  const place = `${fork.origin} behind entry ${fork.after}`;
  return origin === undefined
    ? `the log has no entry of ${place}`
    : `${entries} entries of ${place} are entries of ${origin} now; nothing was lost`;
}

/** The report of forks whose entries stay as they are. */
export function keptOriginText(forks: readonly StoredFork[], data: string): string {
  if (forks.length === 0) return noForkText(data);
  return [
    ...forks.map(({ origin, after }) => `the entries of ${origin} behind entry ${after} stay as they are`),
    "The node can be started. Give --as-new-origin at the node of the other branch before that one is started",
  ].join("\n");
}

function noForkText(data: string): string {
  return `the node of ${data} has found no fork: nothing was changed`;
}
