/**
 * The ports of the node: clients, the log, replication, the password hasher. Every call returns at once; slow
 * work comes back as a call.
 *
 * @module
 */

import type { ProtocolError } from "../../common/errors.ts";
import type { Frame } from "../../common/wire/frame.ts";
import type { EncodedEntry } from "../core/encoded_entry.ts";
import type { Version } from "../core/version.ts";

/** One client's connection, as the node sees it. */
export interface ClientLink {
  /** The other end's IP address. */
  readonly address: string;
  /**
   * Queues one whole frame. Never blocks: a reader that is too slow is let go by the link itself.
   *
   * @param frame copied at once: the caller may reuse its memory
   * @param unbounded true if the frame is not held against the bounds of the queue
   */
  send(frame: Uint8Array, unbounded?: boolean): void;
  /** Ends the connection once the queue was sent, or the write deadline has passed. */
  close(): void;
  /** Lets the next frames come after `received` had answered `Infinity`. */
  resume(): void;
}

/** The node's end of `ClientLink`, as the link sees it. */
export interface ClientSession {
  /** Longest payload that may come now, bytes. */
  readonly payloadBytesMax: number;
  /** True if the connection is logged in. */
  readonly loggedIn: boolean;
  /** Monotonic time, in ms, at which the connection is closed unless a frame came; `Infinity` for never. */
  readonly deadlineMs: number;
  /**
   * Takes one frame.
   *
   * @returns for how many ms no further frame may be handed over; `Infinity` until `resume` is called
   */
  received(frame: Frame): number;
  /** The bytes cannot be followed any further: answers with an ERROR that says why, and closes the link. */
  malformed(error: ProtocolError): void;
  /** No further frame will come: the requests so far are answered, then the link is closed. */
  finished(): void;
  /** The connection has ended. Called exactly once, whichever end closed it. */
  disconnected(): void;
}

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

/** bcrypt, away from the event loop. */
export interface PasswordHasher {
  /** Hashes; `done` gets the hash, or "busy" where the queue is full or the wait was too long. */
  hash(job: HashJob, done: (outcome: { readonly hash: string } | "busy") => void): void;
  /** Compares; `done` gets `fits`, true if the password is the right one, or "busy". */
  verify(job: VerifyJob, done: (outcome: { readonly fits: boolean } | "busy") => void): void;
}

/** A password and its asker: the bounds of the queue are per account name and per address. */
export interface HashJob {
  readonly password: string;
  /** bcrypt cost, 4 to 14. */
  readonly cost: number;
  /** Lower-case name of the account. */
  readonly account: string;
  readonly address: string;
}

/** A password and the bcrypt hash that it should fit. */
export interface VerifyJob extends Omit<HashJob, "cost"> {
  readonly hash: string;
}

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
  readonly state: "in sync" | "behind" | "unreachable" | "refused";
  /** Number of entries here that it lacks, by its last word; 0 if it has not said anything yet. */
  readonly entriesBehind: number;
  /** The reason, if it is not connected. */
  readonly reason?: string;
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
   * Reserves a name at every peer that is in sync, before it is given to a new account.
   *
   * @param name in lower case
   * @param done gets true if nobody else has it or asked for it earlier
   */
  reserveName(name: string, done: (granted: boolean) => void): void;
  /** An account (by id) has come online at this node, or has gone. */
  announce(account: string, online: boolean): void;
  /** True if an account (by id) is online at another node. */
  isOnline(account: string): boolean;
  /** The reason that clients cannot be served yet, and the progress; undefined once they can. */
  readonly filling: string | undefined;
  /** True if a peer had something at its hello that has not come here yet. */
  readonly isBehind: boolean;
  /** All peers. */
  status(): readonly PeerStatus[];
}
