/**
 * The messages between two nodes over one stream (`proto/replication.proto`). The node that opened the stream is
 * its *source*: it passes its entries on. The other end is its *target*: it acknowledges them.
 *
 * @module
 */

import type { ChainedPlace } from "../core/version.ts";

/** Another major version is refused; a newer minor one may send event types that are not known here. */
export const REPLICATION_VERSION = { major: 1, minor: 1 } as const;

/** Bytes of a nonce. */
export const NONCE_BYTES = 32;

/** Most sequence numbers in one question about a branching. */
export const TRACED_MAX = 64;

/** First message of both ends. */
export interface HelloMessage {
  readonly type: "hello";
  readonly major: number;
  readonly minor: number;
  /** Name of the cluster. */
  readonly cluster: string;
  /** Name of the node that speaks. */
  readonly node: string;
  /** Its wall clock, milliseconds since the Unix epoch. */
  readonly wallMs: number;
  /** The version on its disk. */
  readonly version: readonly ChainedPlace[];
}

/** The target does not go on with this stream, and ends it. */
export interface RefusalMessage {
  readonly type: "refusal";
  readonly code: RefusalCode;
  /** The event, the value, the limit, the way out. */
  readonly message: string;
  /** Of a fork: an entry that differs. */
  readonly fork?: ChainedPlace;
}

/** The reason for which a stream is refused. */
export type RefusalCode =
  | "version"
  | "cluster"
  | "stranger"
  | "clock"
  | "fork"
  | "order"
  | "read-only"
  | "closing"
  | "key";

/** Entries, from source to target. */
export interface EntriesMessage {
  readonly type: "entries";
  /** Counts the messages of this type on the stream, from 1 on. */
  readonly number: number;
  /** The entries' JSON as UTF-8, with a line feed between two. */
  readonly lines: Uint8Array;
  /** Number of entries. */
  readonly count: number;
  /** Of every origin among them, the entry before its first one here; absent where that is its very first. */
  readonly previous: readonly ChainedPlace[];
}

/** The version on the target's disk by now. */
export interface AckMessage {
  readonly type: "ack";
  /** Number of the last `entries` message of which everything is on the disk; 0 before the first. */
  readonly number: number;
  /** Every origin that has advanced since this was last said; from time to time all of them. */
  readonly version: readonly ChainedPlace[];
  /** The target's wall clock, ms since the Unix epoch, if all origins are named; none of a 1.0 node. */
  readonly wallMs?: number | undefined;
}

/** Accounts that have come online at the source or have gone; after the hello, all that are online. */
export interface PresenceMessage {
  readonly type: "presence";
  /** Account ids. */
  readonly online: readonly string[];
  readonly offline: readonly string[];
}

/** The source is about to give a name, or a use of an invitation, to a new account. */
export interface ReserveMessage {
  readonly type: "reserve";
  /** Counts the reservations of the source. */
  readonly number: number;
  /** The name, in lower case; or the use in the form of `useOf`. */
  readonly name: string;
  /** When it was asked for, microseconds since the Unix epoch: of crossing requests the earlier one wins. */
  readonly stamp: number;
}

/** The target's answer. */
interface ReservedMessage {
  readonly type: "reserved";
  readonly number: number;
  readonly granted: boolean;
}

/** The source does not need the name any more. */
interface ReleaseMessage {
  readonly type: "release";
  readonly number: number;
}

/** The source lives: said every two seconds. */
interface HeartbeatMessage {
  readonly type: "heartbeat";
  /** Number of the last `entries` message that it has sent; 0 before the first. */
  readonly number: number;
  /** The source's wall clock, milliseconds since the Unix epoch; none of a 1.0 node. */
  readonly wallMs?: number | undefined;
  /** Every origin that has advanced on its disk since the last heartbeat, and its own. */
  readonly version: readonly ChainedPlace[];
}

/** Either end asks for places of an origin, to find the entry after which two branches of it part. */
interface TraceMessage {
  readonly type: "trace";
  readonly origin: string;
  /** Sequence numbers, at most `TRACED_MAX`, ascending. */
  readonly seqs: readonly number[];
}

/** The answer: those places that are on the disk of the end that was asked. */
interface TracedMessage {
  readonly type: "traced";
  readonly origin: string;
  /** The numbers that were asked for. */
  readonly seqs: readonly number[];
  readonly places: readonly ChainedPlace[];
}

/** First message of the source where the ends have a cluster key and no certificates. */
export interface ChallengeMessage {
  readonly type: "challenge";
  /** Name of the source. */
  readonly node: string;
  /** Random bytes, `NONCE_BYTES`, never used before. */
  readonly nonce: Uint8Array;
}

/** The target's proof that it has the key. */
export interface AnswerMessage {
  readonly type: "answer";
  /** Name of the target. */
  readonly node: string;
  /** Its own random bytes. */
  readonly nonce: Uint8Array;
  readonly proof: Uint8Array;
}

/** The source's proof that it has the key; the hello follows. */
export interface ProofMessage {
  readonly type: "proof";
  readonly proof: Uint8Array;
}

/** Everything that is said. */
export type PeerMessage =
  | ChallengeMessage
  | AnswerMessage
  | ProofMessage
  | HelloMessage
  | RefusalMessage
  | EntriesMessage
  | AckMessage
  | PresenceMessage
  | ReserveMessage
  | ReservedMessage
  | ReleaseMessage
  | HeartbeatMessage
  | TraceMessage
  | TracedMessage;
