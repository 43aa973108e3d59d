/**
 * The entries that the copies of a reply rest on.
 *
 * @module
 */

import type { Decision } from "../core/decision.ts";
import { type Version, versionWith } from "../core/version.ts";
import type { Node } from "../node/node.ts";

/** Further entries that the copies of a decision need: a repetition repeats entries that may be another node's. */
export function restOf({ events, restsOn }: Decision, { state, settings }: Node): Version {
  return events.length === 0 ? new Map(state.version) : versionWith(restsOn ?? [], settings.origin);
}
