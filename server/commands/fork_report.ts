/**
 * The reports of `log repair` about forks.
 *
 * @module
 */

import { nodeOf } from "../core/entry.ts";
import { forkWayOut } from "../core/fork_way_out.ts";
import type { StoredFork } from "../log/fork_file.ts";
import type { BranchPlan } from "../log/new_origin.ts";

/** The report of the forks that a node has found, with the way out. */
export function branchPlanText(plans: readonly BranchPlan[]): string {
  return [
    ...plans.map(planText),
    "Nothing was changed",
    ...new Set(plans.map(({ fork }) => forkWayOut(fork.origin))),
  ].join("\n");
}

function planText({ fork, origin, entries, hasGoneOn }: BranchPlan): string {
  const seen = new Date(fork.seenMs).toISOString();
  const place =
    `${fork.origin} has two branches behind entry ${fork.after} (found ${seen}): another node has ` +
    "other entries of it than this one";
  if (hasGoneOn) return `${place}. ${goneOnText(fork)}`;
  if (origin === undefined) return `${place}. This log has none behind that entry`;
  return `${place}. --as-new-origin would make the ${entries} of this log entries of ${origin}`;
}

/** The report of branches that have got an origin of their own. */
export function movedText(moved: readonly BranchPlan[], data: string): string {
  if (moved.length === 0) return noForkText(data);
  return [
    ...moved.map(movedBranchText),
    ...(moved.every(({ hasGoneOn }) => hasGoneOn)
      ? []
      : ["The node can be started, and begins an origin of its own for its later entries"]),
  ].join("\n");
}

function movedBranchText({ fork, origin, entries, hasGoneOn }: BranchPlan): string {
  if (hasGoneOn) return goneOnText(fork);
  const place = `${fork.origin} behind entry ${fork.after}`;
  return origin === undefined
    ? `the log has no entry of ${place}`
    : `${entries} entries of ${place} are entries of ${origin} now; nothing was lost`;
}

function goneOnText({ origin }: StoredFork): string {
  return `${
    nodeOf(origin)
  } has gone on with the entries of ${origin} that this log has: they stay as they are`;
}

/** The report of forks whose entries stay as they are. */
export function keptOriginText(forks: readonly StoredFork[], data: string): string {
  if (forks.length === 0) return noForkText(data);
  return [
    ...forks.map(({ origin, after }) => `the entries of ${origin} behind entry ${after} stay as they are`),
    "The node can be started, and does not stop again because of these branches. A node that has entries of another " +
    "one takes none of its later entries until it is repaired with --as-new-origin; chat-server status names it",
  ].join("\n");
}

function noForkText(data: string): string {
  return `the node of ${data} has found no fork: nothing was changed. If another node speaks of one, start this ` +
    "node while the others run: it finds it within seconds";
}
