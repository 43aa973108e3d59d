/**
 * The paths of the admin service.
 *
 * @module
 */

/** The path of the status. */
export const STATUS_PATH = "/status";

/** The path that requests of the operator are posted to. */
export const OPERATOR_PATH = "/operator";

/** The path that requests for another level of diagnostics are posted to. */
export const LEVEL_PATH = "/log-level";

/** The path that requests to drain the node are posted to. */
export const DRAIN_PATH = "/drain";
