/**
 * The bounds of replication, and their reasons.
 *
 * @module
 */

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** Entries and bytes that are sent and not acknowledged: all beyond waits in the log, not in memory. */
export const WINDOW_ENTRIES = 1_000;
/** See `WINDOW_ENTRIES`. */
export const WINDOW_BYTES = 4 * MIB;

/** Bytes of one message of entries, unless a single entry is longer. */
export const BATCH_BYTES = 512 * KIB;

/** Accounts in one presence message. */
export const PRESENCE_ACCOUNTS = 1_000;

/** Accounts that a peer may say are online there: five times as many as a node has connections unless told otherwise. */
export const ONLINE_ACCOUNTS_MAX = 50_000;

/** Names that are held for other nodes; further ones are not granted. */
export const HELD_NAMES_MAX = 10_000;

/** Longest time without a message, ms. */
export const HEARTBEAT_MS = 2_000;

/** Silence after which the stream is given up, ms. */
export const SILENCE_MS = 10_000;

/** Time that the other end has for its first message, ms. */
export const HELLO_MS = 2_000;

/** A peer that has not acknowledged for so long is not in sync any more, ms: replies wait no longer for it. */
export const LAG_MS = 800;

/** Median delay of a peer's acknowledgements from which on it may be slow, ms: people notice it. */
export const SLOW_MS = 100;
/** Multiple of the other peers' median from which on it is slow: if all are, it is not this one's disk. */
export const SLOW_FACTOR = 4;

/** Multiple of the other peers' median below which a slow peer is steady. */
export const STEADY_FACTOR = 2;
/** Delay below which it is steady in any case, ms: twice the delay of a fast disk is nothing to stay away for. */
export const STEADY_MS = SLOW_MS / 2;
/** Time for which it must be steady before replies wait for it again, ms. */
export const STEADY_WAIT_MS = 10_000;

/** Time over which the median of delays is taken, ms. */
export const DELAY_WINDOW_MS = 5_000;
/** Fewest delays that a verdict needs: where little is written, the last ones count though they are older. */
export const DELAYS_MIN = 5;
/** Age from which on they do not count, ms: a disk that was slow then may be another one now. */
export const DELAY_AGE_MAX_MS = 60_000;
/** Least time between the first and the last of them, ms: one pause of a peer is no slow disk. */
export const DELAYS_SPAN_MS = 1_000;
/** Least time between two measurements, ms. */
export const SAMPLE_MS = 50;

/**
 * Delay before entries of other nodes are passed on, ms: their own node, if it lives, is faster, and then
 * nothing is sent twice.
 */
export const RELAY_MS = 1_000;

/** Greatest age of other nodes' entries that a peer in sync may lack, ms: relaying takes time. */
export const RELAYED_LAG_MS = 3_000;

/** Interval at which a target acknowledges entries from elsewhere, ms. */
export const PROGRESS_MS = 250;

/** Time of a half to find where the branches of its origin part, ms. */
export const TRACE_MS = 5_000;

/** Time between that and its end, in which its peers find it too, ms. */
export const HALT_MS = 1_500;

/** Waiting before the next attempt to reach a peer, ms: it doubles from the first to the second. */
export const BACK_OFF_MS = 100;
/** See `BACK_OFF_MS`. */
export const BACK_OFF_MS_MAX = 2_000;

/** Greatest difference of two nodes' clocks, ms: beyond, messages would be shown out of order. */
export const CLOCK_APART_MS_MAX = 60_000;
/** From here on it is warned of, ms. */
export const CLOCK_APART_MS_WARN = 10_000;

/**
 * Duration of a reservation of a name for another node, ms: its account is here within a second, or that node
 * waits for this one no longer.
 */
export const RESERVATION_MS = 3_000;

/** Time that a node with an empty disk waits for a peer to fill it, ms. */
export const FILLING_MS = 2_000;

/** Time without progress after which it serves with the entries it has, ms. */
export const FILLING_STALLED_MS = 10_000;

/** Longest time after a start in which a node with data waits for the first word of its peers, ms. */
export const FIRST_LOOK_MS = 1_000;

/** Time within which a node that is behind delays look-ups of unknown names and tokens, ms. */
export const BEHIND_MS_MAX = 10_000;

/** Absence of a peer after which the reason is logged, ms: nodes are started one by one. */
export const AWAY_MS = 3_000;
