/**
 * The log and replication, as the node uses them. Every call returns at once; slow work comes back as a call.
 *
 * @module
 */

import type { EncodedEntry } from "../core/encoded_entry.ts";
import type { Version } from "../core/version.ts";
import type { RefusalCode } from "./peer_message.ts";

/** The journal of entries: batches that are durable before anybody hears of them. */
export interface EntryLog {
  /** True while the disk is full: nothing may be committed. */
  readonly readOnly: boolean;
  /**
   * Writes the entries as one batch and syncs it; the `onSynced` that the log was made with is called then. One
   * batch at a time: it is an assertion failure to commit while another is under way.
   */
  commit(entries: readonly EncodedEntry[]): void;
}

/** Something that a node has no more room in. */
export type Full = "disk" | "memory";

/** The entries that must be on other disks before an answer leaves. */
export interface CopiesNeeded {
  /** Sequence number of an entry of this node's origin. */
  readonly seq: number;
  /** Entries of other origins too, if the answer shows any. */
  readonly version?: Version;
}

/** The state of a peer. */
export interface PeerStatus {
  readonly name: string;
  /** Replies wait for a peer `in sync`; not for one that catches up, nor for one whose disk is `slow`. */
  readonly state: "in sync" | "behind" | "slow" | "unreachable" | "refused";
  /** Number of entries here that it lacks, by its last word; 0 if it has not said anything yet. */
  readonly entriesBehind: number;
  /** The reason, if it is not in sync for another one than entries under way. */
  readonly reason?: string;
  /** The kind of the reason, if it is refused. */
  readonly code?: RefusalCode;
  /** Time for which entries from it have waited for the archive of this node, ms; absent while none wait. */
  readonly heldMs?: number;
}

/** Shortest time in which a node can move its clients, ms. */
export const DRAIN_MS_MIN = 1_000;

/** Longest one, ms: whoever has more to wait for can drain the node again. */
export const DRAIN_MS_MAX = 3_600_000;

/** The state of a node whose clients move to other nodes before it ends. */
export interface DrainStatus {
  /** `moving`: clients are moved; `waiting`: the last ones leave, and peers get everything; `over`: the node ends. */
  readonly phase: "moving" | "waiting" | "over";
  /** Time until the node ends, ms, whatever is not done by then. */
  readonly leftMs: number;
  /** Number of sessions that were told to go on with another node. */
  readonly moved: number;
  /** Number of sessions that have not ended. */
  readonly here: number;
  /**
   * Peers that can be reached and lack entries, once the last session has ended; the number is 0 for one that has
   * not said yet what it has.
   */
  readonly lacking: readonly { readonly name: string; readonly entries: number }[];
}

/** An origin of another node that has two branches: a data folder was copied, and both copies were used. */
export interface ForkStatus {
  readonly origin: string;
  /** Sequence number of the last entry that the branches share; `null` if it is not known. */
  readonly after: number | null;
  /** Peers with the same branch as this node. */
  readonly same: readonly string[];
  /** Peers with another one. */
  readonly other: readonly string[];
  /** Peers that may have another one, and were not seen since. */
  readonly unseen: readonly string[];
}

/** Replication, as the node needs it. */
export interface Replication {
  /** More entries are on the disk of this node, and may be passed on. */
  synced(): void;
  /** Number of peers that have all of it on their disks. */
  copies(needed: CopiesNeeded): number;
  /** True if a peer that is in sync has not said yet that it has all of it. */
  isAwaited(needed: CopiesNeeded): boolean;
  /**
   * Reserves a name, or a use of an invitation, at every peer that is in sync, before it is given to a new account.
   *
   * @param name in lower case; or the use in the form of `useOf`
   * @param done gets true if nobody else has it or asked for it earlier
   */
  reserve(name: string, done: (granted: boolean) => void): void;
  /** An account (by id) has come online at this node, or has gone. */
  announce(account: string, online: boolean): void;
  /** True if an account (by id) is online at another node. */
  isOnline(account: string): boolean;
  /** The reason that clients are not served, with the progress or the way out; undefined while they are. */
  readonly unavailable: string | undefined;
  /** True if a peer had something at its hello that has not come here yet. */
  readonly isBehind: boolean;
  /** A version that every peer knew when it made whatever arrives from now on (`forgettableAccounts`). */
  readonly settled: Version;
  /** The reason, for people, that this node takes nothing from others; undefined while it does, or has no peers. */
  readonly alone: string | undefined;
  /** The forked origins: nothing more of them is taken or passed on. */
  readonly forks: readonly ForkStatus[];
  /** All peers. */
  status(): readonly PeerStatus[];
}
