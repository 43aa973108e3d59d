/**
 * Clients, as sessions and the network shell see them. Every call returns at once.
 *
 * @module
 */

import type { ProtocolError } from "../../common/errors.ts";
import type { Frame } from "../../common/wire/frame.ts";
import type { Refusal } from "../core/decision.ts";

/** The charge of one connection to the minute of its address (`newConnectionsPerMinute`). */
export interface MinuteCharge {
  /** Refusal of a login by password, if the minute was spent already. */
  readonly refusal?: Refusal | undefined;
  /** Takes the charge back: a login by token costs the address nothing. */
  giveBack(): void;
}

/** The work that a session may do before others have their turn, units (`server/core/slices.ts`). */
export interface WorkShare {
  /** True while some is left for lists. */
  readonly mayGoOn: boolean;
  /** Counts work on a frame, beside that of its bytes. */
  take(units: number): void;
  /** Counts work on a list. */
  use(units: number): void;
}

/** Why a connection ends. */
export type EndCause = "done" | "node stops" | "rule broken" | "turned away";

/** One client's connection, as its session sees it. */
export interface ClientLink {
  /** True if only the confirmed dialect may be spoken. */
  readonly isConfirmedOnly: boolean;
  /** The share of this connection. */
  readonly share: WorkShare;
  /** The client's IP address. */
  readonly address: string;
  /** True while frames may be sent. Otherwise they are owed until `relieved` of the session is called. */
  readonly hasRoom: boolean;
  /**
   * Queues whole frames, mostly one. Never blocks: a reader that is too slow is let go by the link itself.
   *
   * @param frames one behind the other; copied at once: the caller may reuse their memory
   * @param unbounded true if they are not held against the bounds of the queue
   */
  send(frames: Uint8Array, unbounded?: boolean): void;
  /**
   * Queues a frame, or a part of a long one, that nobody changes any more: it is not copied if nothing waits.
   *
   * @param unbounded true if the frame is not held against the bounds of the queue
   */
  give(frame: Uint8Array, unbounded: boolean): void;
  /**
   * Tells how much the session owes because there was no room, in place of what it told before.
   *
   * @param bytes length of the frames that count against the bounds
   * @param memoryBytes memory of all that is owed
   */
  owe(bytes: number, memoryBytes: number): void;
  /** Says why the connection is about to end; the first word counts. It is "done" otherwise. */
  because(cause: EndCause): void;
  /** Ends the connection once the queue was sent, or the write deadline has passed. */
  close(): void;
  /** Lets the next frames come, or an unfinished request go on, after `received` or `goOn` returned `Infinity`. */
  resume(): void;
  /** Charges the connection to the minute of its address. */
  charge(): MinuteCharge;
}

/** The output of a session, as the link sees it. */
export interface ClientOutput {
  /** The link has room: the output that is owed leaves as far as that goes. */
  relieved(): void;
  /** The link closes: owed replies leave at once, owed pushes not at all. */
  closing(): void;
}

/** The session's end of `ClientLink`, as the link sees it. */
export interface ClientSession {
  readonly outlet: ClientOutput;
  /** Longest payload that may come now, bytes. */
  readonly payloadBytesMax: number;
  /** True if the connection is logged in. */
  readonly loggedIn: boolean;
  /** True in the midst of a login: after LOGIN_1, or while a password is compared. */
  readonly loggingIn: boolean;
  /** Monotonic time, in ms, at which the connection is closed unless a frame came; `Infinity` for never. */
  readonly deadlineMs: number;
  /** True while a request is unfinished: `goOn` comes before the next frame. */
  readonly isUnfinished: boolean;
  /**
   * Takes one frame.
   *
   * @returns for how many ms no further frame may be handed over; `Infinity` until `resume` is called
   */
  received(frame: Frame): number;
  /**
   * Goes on with the unfinished request, as far as the share of the link goes.
   *
   * @returns as `received` does
   */
  goOn(): number;
  /** The bytes cannot be followed any further: answers with an ERROR that says why, and closes the link. */
  malformed(error: ProtocolError): void;
  /** Answers with an ERROR that says why the connection has to end, and closes the link. */
  dismiss(reason: Refusal): void;
  /** No further frame will come: the requests so far are answered, then the link is closed. */
  finished(): void;
  /** The connection has ended. Called exactly once, whichever end closed it. */
  disconnected(): void;
}
