/**
 * The life of a connection as a state machine: pure, one table, no socket.
 *
 * @module
 */

import { assert } from "../../common/errors.ts";

/** One stage in the life of a connection; the comment names the state of TCP it resembles. */
export type ConnectionState =
  /** The handshake is under way and there is no session. */
  | "handshaking"
  /** Frames go to the session as they arrive (ESTABLISHED). */
  | "receiving"
  /** The next frame waits until a time has passed. */
  | "delayed"
  /** The next frame waits for a call of `resume`. */
  | "suspended"
  /** The next frame waits until the other end has read more of its replies. */
  | "congested"
  /** The next frame, or an unfinished request, waits for its turn: the other connections come first. */
  | "queued"
  /** The bytes cannot be followed: they are discarded, and the session can still send. */
  | "deaf"
  /** The other end has closed its side, and the session can still send (CLOSE_WAIT). */
  | "answering"
  /** Queued bytes are being written, nothing is added, and received bytes are discarded (FIN_WAIT_1). */
  | "flushing"
  /** The same after the other end has closed its side (LAST_ACK). */
  | "lastFlush"
  /** This side is closed, and received bytes are discarded until the other end closes (FIN_WAIT_2). */
  | "lingering"
  /** The socket is closed. */
  | "ended";

/** One thing that happens to a connection. */
export type ConnectionEvent =
  /** The handshake has succeeded, or there is none. */
  | "handshaken"
  /** The session asks for a delay before the next frame. */
  | "delay"
  /** The session asks for no frame before it calls `resume`. */
  | "suspend"
  /** The outbound queue is over its soft bound while a frame may be waiting. */
  | "congest"
  /** The share of the round is used up while work remains. */
  | "queue"
  /** The delay has passed. */
  | "delayOver"
  /** The session takes frames again. */
  | "resume"
  /** The outbound queue is back under its soft bound. */
  | "relieve"
  /** The connection has its turn again. */
  | "turn"
  /** The received bytes break the protocol. */
  | "malformed"
  /** The other end has closed its side. */
  | "peerFinished"
  /** The connection is to end once the queue is written. */
  | "close"
  /** The queue is written after `close`. */
  | "flushed"
  /** The connection is to end at once. */
  | "end";

/** The step that follows a change of state. */
export type ConnectionAction =
  | "openSession"
  /** Lets the share wait for a later round. */
  | "awaitTurn"
  /** Tells the session that the received bytes break the protocol. */
  | "reportMalformed"
  /** Tells the session that no frame follows. */
  | "reportFinished"
  /** Lets the queue be written and nothing be added to it. */
  | "flush"
  /** Closes this side of the socket. */
  | "closeWrite"
  /** Closes the socket and tells the session. */
  | "release";

/** The state after an event, and the step to be taken in it. */
type Transition = readonly [ConnectionState, ConnectionAction?];

type Row = { readonly [Event in ConnectionEvent]?: Transition };

const END: Transition = ["ended", "release"];

const FLUSH: Transition = ["flushing", "flush"];

/** A cell that names its own state ignores the event; a missing cell is a defect of this program. */
const TRANSITIONS: { readonly [State in ConnectionState]: Row } = {
  handshaking: { handshaken: ["receiving", "openSession"], close: END, end: END },
  receiving: {
    delay: ["delayed"],
    suspend: ["suspended"],
    congest: ["congested"],
    queue: ["queued", "awaitTurn"],
    resume: ["receiving"],
    malformed: ["deaf", "reportMalformed"],
    peerFinished: ["answering", "reportFinished"],
    close: FLUSH,
    end: END,
  },
  delayed: { delayOver: ["receiving"], resume: ["delayed"], close: FLUSH, end: END },
  suspended: { resume: ["receiving"], close: FLUSH, end: END },
  congested: { relieve: ["receiving"], resume: ["congested"], close: FLUSH, end: END },
  queued: { turn: ["receiving"], resume: ["queued"], close: FLUSH, end: END },
  deaf: { resume: ["deaf"], peerFinished: ["answering", "reportFinished"], close: FLUSH, end: END },
  answering: { resume: ["answering"], close: ["lastFlush", "flush"], end: END },
  // A session may close the connection in the midst of a frame, and ask for a pause all the same.
  flushing: {
    delay: ["flushing"],
    suspend: ["flushing"],
    resume: ["flushing"],
    peerFinished: ["lastFlush", "reportFinished"],
    close: ["flushing"],
    flushed: ["lingering", "closeWrite"],
    end: END,
  },
  lastFlush: { resume: ["lastFlush"], close: ["lastFlush"], flushed: END, end: END },
  lingering: {
    delay: ["lingering"],
    suspend: ["lingering"],
    resume: ["lingering"],
    peerFinished: END,
    close: ["lingering"],
    end: END,
  },
  // A handshake, a read, a write or a call of the session may have been under way.
  ended: {
    handshaken: ["ended"],
    delay: ["ended"],
    suspend: ["ended"],
    resume: ["ended"],
    peerFinished: ["ended"],
    close: ["ended"],
    flushed: ["ended"],
    end: ["ended"],
  },
};

/**
 * The transition that an event causes.
 *
 * @throws {AssertionError} if the event is impossible in that state
 */
export function transition(state: ConnectionState, event: ConnectionEvent): Transition {
  const found = TRANSITIONS[state][event];
  assert(found !== undefined, `a connection that is ${state} cannot have the event ${event}`);
  return found;
}

/** True while received frames wait, and nothing is read. */
export function isPaused(state: ConnectionState): boolean {
  return state === "delayed" || state === "suspended" || state === "congested" || state === "queued";
}

/** True while the session can send, and sets the time limit of the connection. */
export function isServed(state: ConnectionState): boolean {
  return state === "receiving" || isPaused(state) || state === "deaf" || state === "answering";
}
