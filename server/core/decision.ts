/**
 * What a decider answers: what shall happen, and what the client is told once it has.
 *
 * @module
 */

import type { ErrorCode } from "../../common/protocol/error_codes.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Change } from "./change.ts";
import type { Place } from "./entry.ts";
import type { Event } from "./events.ts";

/** A sensible request that cannot be served: a value, not an error. */
export interface Refusal {
  readonly code: ErrorCode;
  /** What happened, the value, the limit and the way out. */
  readonly message: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** The events of a request, and its reply, which is asked for once they are folded. */
export interface Decision {
  readonly events: readonly Event[];
  /** @param changes what the events have changed */
  readonly reply: (changes: readonly Change[]) => ConfirmedReply;
  /** Entries without which the events are worth nothing: a disk that lacks them has no copy. */
  readonly restsOn?: readonly Place[];
}

/** The reply of a request that succeeds without anything to say. */
export const OK = (): ConfirmedReply => ({ name: "ok", payload: null });

/** Nothing happens, and this is the answer. */
export function answer(reply: ConfirmedReply): Decision {
  return { events: [], reply: () => reply };
}

/** A refusal. */
export function refusal(code: ErrorCode, message: string, retryAfter?: number): Refusal {
  return retryAfter === undefined ? { code, message } : { code, message, retryAfter };
}

/** Tells the two apart. */
export function isRefusal(outcome: object): outcome is Refusal {
  return "code" in outcome;
}

/** The refusal for a name that nobody has. */
export function unknownUser(name: string): Refusal {
  return refusal(
    "unknown-user",
    `there is no user ${JSON.stringify(name.slice(0, 64))}; LIST_USERS shows who there is`,
  );
}

/** The refusal of every write while the disk is full. */
export function diskFull(): Refusal {
  return refusal(
    "read-only",
    "the disk of this node is full: it delivers what it has and takes nothing new; try again later or another node",
    READ_ONLY_RETRY_SECONDS,
  );
}

/** The node looks about this often whether the disk has room again. */
const READ_ONLY_RETRY_SECONDS = 5;
