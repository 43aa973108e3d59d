/**
 * The time limit on waiting for other nodes.
 *
 * @module
 */

/**
 * Longest wait of a reply, or of the reservation of a name, for other nodes, ms. The wait is checked every
 * tenth of a second, so that it ends within one second.
 */
export const COPIES_WAIT_MS = 900;
