/**
 * What the node and the log need from the outside, and the only way in which they touch it. Everything
 * here is called and returns at once; what takes time comes back as a call.
 *
 * @module
 */

import type { ProtocolError } from "../common/errors.ts";
import type { Frame } from "../common/wire/frame.ts";
import type { Entry } from "./core/entry.ts";
import type { Version } from "./core/version.ts";
import type { PeerMessage } from "./replication/peer_message.ts";

/** Time. */
export interface Clock {
  /** Milliseconds since the Unix epoch; may jump. */
  wallMs(): number;
  /** Milliseconds since some moment; never goes back. */
  monotonicMs(): number;
}

/** Chance. */
export interface Random {
  /** That many unpredictable bytes. */
  bytes(count: number): Uint8Array;
}

/** One client's connection, as the node sees it. */
export interface ClientLink {
  /** The other end's IP address. */
  readonly address: string;
  /**
   * Queues one whole frame. Never blocks: a reader that is too slow is let go by the link itself.
   *
   * @param frame copied at once: the caller may reuse its memory
   * @param unbounded whether the frame is not held against the bounds of the queue
   */
  send(frame: Uint8Array, unbounded?: boolean): void;
  /** Ends the connection once what is queued was sent, or the write deadline has passed. */
  close(): void;
  /** Lets the next frames come after `received` had answered `Infinity`. */
  resume(): void;
}

/** What is said over one connection, as the link sees it: the node's end of `ClientLink`. */
export interface ClientSession {
  /** Longest payload that may come now, bytes. */
  readonly payloadBytesMax: number;
  /** Whether the connection is logged in. */
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
  /** No further frame will come: what was asked is answered, then the link is closed. */
  finished(): void;
  /** The connection has ended. Called exactly once, whoever ended it. */
  disconnected(): void;
}

/** The journal of entries: batches that are durable before anybody hears of them. */
export interface EntryLog {
  /** True while the disk is full: nothing may be committed. */
  readonly readOnly: boolean;
  /**
   * Writes the entries as one batch and syncs it; `onSynced` of whoever made the log is called then. One
   * batch at a time: it is an assertion failure to commit while another is under way.
   */
  commit(entries: readonly Entry[]): void;
}

/** bcrypt, away from the event loop. */
export interface PasswordHasher {
  /** Hashes; `done` gets the hash, or "busy" where the queue is full or the wait was too long. */
  hash(job: HashJob, done: (outcome: { readonly hash: string } | "busy") => void): void;
  /** Compares; `done` gets whether the password fits, or "busy". */
  verify(job: VerifyJob, done: (outcome: { readonly fits: boolean } | "busy") => void): void;
}

/** A password, and who asks: the bounds of the queue are per account name and per address. */
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

/** SHA-256, hexadecimal: what is stored of a login token. */
export type Digest = (text: string) => string;

/** Where diagnostics go: one event, its fields; never a password, a token or a message's content. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** What is said of an event. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Called when something has been done, or with why it could not. */
export type Done = (error?: Error) => void;

/**
 * The files of a data folder, as the log uses them. Paths are relative to the folder, with `/`. All calls
 * but those with `done` finish before they return; they are used at the start of a node and for the
 * group write, nothing else. Those whose names end in `Later` do the same as their namesakes in the
 * background, for work that must not hold a running node up. Errors are thrown, or handed to `done`, as the `Error` of the system, whose
 * `code` is `ENOSPC` where the disk is full.
 */
export interface FileStore {
  /** File names in a folder, sorted; none where the folder does not exist. */
  list(folder: string): string[];
  /** Length in bytes, or undefined where the file does not exist. */
  size(path: string): number | undefined;
  /** Reads from `offset` on into `into`; returns how many bytes it got, 0 at the end. */
  read(path: string, offset: number, into: Uint8Array): number;
  /**
   * A reader of the file, from its beginning or from a byte on. The file is opened by the first read, which
   * fails if there is none.
   */
  reader(path: string, offset?: number): SequentialReader;
  /** Appends, making the file where it does not exist; returns how many of the bytes were written. */
  append(path: string, bytes: Uint8Array): number;
  /** Appends all of the bytes, which must stay as they are until then. */
  appendLater(path: string, bytes: Uint8Array, done: Done): void;
  /** Makes what was appended durable. */
  sync(path: string, done: Done): void;
  /** The same, before returning. */
  syncNow(path: string): void;
  /** Cuts the file to `bytes`. */
  truncate(path: string, bytes: number): void;
  /** Renames, replacing what is there. */
  rename(from: string, to: string): void;
  renameLater(from: string, to: string, done: Done): void;
  /** Removes a file; nothing happens where it does not exist. */
  remove(path: string): void;
  removeLater(path: string, done: Done): void;
  /** Makes names durable: of files that were made, renamed or removed in a folder (`""` for the top). */
  syncFolder(folder: string, done: Done): void;
  /** The same, before returning. */
  syncFolderNow(folder: string): void;
  /** Makes the folder where it does not exist. */
  makeFolder(folder: string): void;
  /** Closes the handle that `append` keeps open. */
  close(path: string): void;
  /** Makes a file of that many real bytes and syncs it, in the background. */
  fill(path: string, bytes: number, done: Done): void;
}

/**
 * Reads a file on and on. It stays at the same file, with the same content, where another is
 * renamed over it meanwhile.
 */
export interface SequentialReader {
  /** Reads what follows into `into`; returns how many bytes it got, 0 at the end. */
  read(into: Uint8Array): number;
  /** The same in the background. `into` must be left alone until `done`, which gets the count or the error. */
  readLater(into: Uint8Array, done: (outcome: number | Error) => void): void;
  /** Lets the file go, also while it is being read; what becomes of such a read is nobody's business. */
  close(): void;
}

/** Calls back once after a while. */
export interface Timers {
  /** Returns how to call it off. */
  after(ms: number, callback: () => void): () => void;
}

/** A place between two entries of the log. */
export interface LogPlace {
  /** How many entries of the log lie before it. */
  readonly position: number;
  /** The last entry of every origin before it. */
  readonly version: Version;
}

/** What is durable in the log, for reading it again while the node runs. */
export interface EntryHistory {
  /** The end of what is durable. Its version is the living one: copy what is to be kept. */
  readonly end: LogPlace;
  /**
   * The latest place whose version fits; the beginning of the log always does. Places are known at every
   * segment, and more closely near the end.
   */
  latestPlace(fits: (version: Version) => boolean): LogPlace;
  /** Reads from a place on. */
  cursor(place: LogPlace): HistoryCursor;
}

/** Reads entries in the order of the log. */
export interface HistoryCursor {
  /** Where it is. */
  readonly place: LogPlace;
  /**
   * Hands out what follows, at most some hundreds of entries and never behind `position`; none at the end.
   * `done` may be called before this returns. One call at a time.
   */
  next(position: number, done: (entries: readonly Entry[] | Error) => void): void;
  /** Goes on at a later place. */
  skipTo(place: LogPlace): void;
  /** Lets its file go; a call of `next` that is under way is not answered any more. */
  close(): void;
}

/** Where a peer can be reached. */
export interface PeerAddress {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** One stream to or from a peer, as this node sees it. */
export interface PeerLink {
  /** The name that the peer's certificate proves; undefined where there are no certificates. */
  readonly provenName: string | undefined;
  /** Queues one message. Never blocks; nothing happens once the stream has ended. */
  send(message: PeerMessage): void;
  /** Ends the stream once what is queued was sent. */
  close(): void;
}

/** What is said over one stream, as the link sees it: this node's end of `PeerLink`. */
export interface PeerStream {
  /** Takes one message. */
  received(message: PeerMessage): void;
  /** The stream has ended, or could not be opened. Called exactly once, whoever ended it. */
  closed(reason: string): void;
}

/** The way to other nodes. */
export interface PeerNetwork {
  /** Opens a stream. `stream` hears of it after this has returned. */
  dial(peer: PeerAddress, stream: PeerStream): PeerLink;
}

/** What must be on other disks before somebody is told that it is there. */
export interface CopiesNeeded {
  /** Sequence number of an entry of this node's origin. */
  readonly seq: number;
  /** What else, where it is not this node's own entries alone. */
  readonly version?: Version;
}

/** How far a peer is. */
export interface PeerStatus {
  readonly name: string;
  readonly state: "in sync" | "behind" | "unreachable" | "refused";
  /** How many of all entries here it lacks, as it last said; 0 if it has not said anything yet. */
  readonly entriesBehind: number;
  /** Why, where it is not connected. */
  readonly reason?: string;
}

/** Where else entries are: replication, as the node needs it. */
export interface Replication {
  /** More entries are on the disk of this node, and may be passed on. */
  synced(): void;
  /** How many peers have all of it on their disks. */
  copies(needed: CopiesNeeded): number;
  /** Whether a peer that is in sync has not said yet that it has all of it. */
  isAwaited(needed: CopiesNeeded): boolean;
  /**
   * Reserves a name at every peer that is in sync, before it is given to a new account.
   *
   * @param name in lower case
   * @param done gets whether nobody else has it or asked for it earlier
   */
  reserveName(name: string, done: (granted: boolean) => void): void;
  /** An account (by id) has come online at this node, or has gone. */
  announce(account: string, online: boolean): void;
  /** Whether an account (by id) is online at another node. */
  isOnline(account: string): boolean;
  /** Why clients cannot be served yet: what is being waited for, and how far it is; undefined once they can. */
  readonly filling: string | undefined;
  /** Whether a peer had something when it said hello that has not come here yet. */
  readonly isBehind: boolean;
  /** All peers. */
  status(): readonly PeerStatus[];
}
