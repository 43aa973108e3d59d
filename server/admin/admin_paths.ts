/**
 * The paths of the admin service.
 *
 * @module
 */

/** The path of the status. */
export const STATUS_PATH = "/status";

/** The path that requests of the operator are posted to. */
export const OPERATOR_PATH = "/operator";
