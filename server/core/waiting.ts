/**
 * How long anybody waits for other nodes.
 *
 * @module
 */

/**
 * The longest that a reply, or a new name, waits for other nodes, ms. Together with the tenth of a second at
 * which it is looked at, nobody waits longer than a second.
 */
export const COPIES_WAIT_MS = 900;
