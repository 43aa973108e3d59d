/**
 * The sets of features that a server looks for in those of a session.
 *
 * @module
 */

import { featureSet } from "./features.ts";

/** The set of the one feature that has account ids in frames. */
export const ACCOUNT_IDS = featureSet(["account-ids"]);

/** The set of the one feature that pushes CLUSTER. */
export const CLUSTER_STATE = featureSet(["cluster-state"]);

/** The set of the one feature that pushes NODES. */
export const NODES = featureSet(["nodes"]);

/** The features with which NODES comes at once, because WELCOME had no addresses of pages yet. */
export const NODES_WITH_PAGES = featureSet(["nodes", "web"]);

/** The set of the one feature that lets a session watch people. */
export const WATCH = featureSet(["watch"]);
