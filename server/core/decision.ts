/**
 * Decisions: the events and the reply of a request, or its refusal.
 *
 * @module
 */

import type { ErrorCode } from "../../common/protocol/error_codes.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import type { Change } from "./change.ts";
import type { Place } from "./entry.ts";
import type { Event } from "./events.ts";

/** The refusal of a well-formed request: a value, not an error. */
export interface Refusal {
  readonly code: ErrorCode;
  /** For people: the problem, the value, the limit and the way out. */
  readonly message: string;
  /** Wait before the next attempt, seconds. */
  readonly retryAfter?: number;
}

/** The events of a request and its reply. The reply is made once the events are folded. */
export interface Decision {
  readonly events: readonly Event[];
  /** @param changes changes that the events made */
  readonly reply: (changes: readonly Change[]) => ConfirmedReply;
  /** Entries that the events depend on: a disk that lacks them does not count as a copy. */
  readonly restsOn?: readonly Place[];
}

/** The reply to a request that succeeds without a result. */
export const OK = (): ConfirmedReply => ({ name: "ok", payload: null });

/** A decision with a reply and no events. */
export function answer(reply: ConfirmedReply): Decision {
  return { events: [], reply: () => reply };
}

/**
 * Makes a refusal.
 *
 * @param message for people: the problem, the value, the limit and the way out
 * @param retryAfter wait before the next attempt, seconds
 */
export function refusal(code: ErrorCode, message: string, retryAfter?: number): Refusal {
  return retryAfter === undefined ? { code, message } : { code, message, retryAfter };
}

/** True if an outcome is a refusal, not a decision. */
export function isRefusal(outcome: object): outcome is Refusal {
  return "code" in outcome;
}

/** Refusal of a name that no account has. */
export function unknownUser(name: string): Refusal {
  return refusal(
    "unknown-user",
    `there is no user ${JSON.stringify(name.slice(0, 64))}; LIST_USERS shows who there is`,
  );
}

/** Refusal of every write while the disk is full. */
export function diskFull(): Refusal {
  return refusal(
    "read-only",
    "the disk of this node is full: it delivers what it has and takes nothing new; try again later or another node",
    READ_ONLY_RETRY_SECONDS,
  );
}

/** Refusal of everything that grows while the heap of the process is nearly full. */
export function memoryFull(): Refusal {
  return refusal(
    "read-only",
    "the memory of this node is full: it delivers what it has, deletes and marks, and takes nothing new; delete " +
      "messages, or try again later or another node",
    READ_ONLY_RETRY_SECONDS,
  );
}

/** Approximate interval at which the node checks if there is room again, seconds. */
const READ_ONLY_RETRY_SECONDS = 5;
