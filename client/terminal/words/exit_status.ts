/**
 * The statuses that the program ends with.
 *
 * @module
 */

import type { ErrorCode } from "../../../common/protocol/error_codes.ts";
import type { Failure } from "../../core/failures.ts";
import type { LeaveReason } from "../../core/step.ts";

/** The exit statuses (sysexits are not used: few statuses are easier to remember). */
export const EXIT = {
  ok: 0,
  usage: 1,
  internal: 2,
  noNode: 3,
  login: 4,
  rateLimited: 5,
  timedOut: 6,
  notKnown: 7,
  /** A signal has ended the program: 128 and its number, as shells count. */
  hangUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

/** An exit status. */
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** An exit status that says that something did not work. */
export type FailureStatus = Exclude<ExitStatus, 0>;

const OF_REFUSALS: Readonly<Record<ErrorCode, FailureStatus>> = {
  "version-unknown": EXIT.internal,
  "bad-request": EXIT.usage,
  "unknown-request": EXIT.internal,
  "not-logged-in": EXIT.login,
  "name-invalid": EXIT.usage,
  "name-taken": EXIT.login,
  "password-invalid": EXIT.login,
  "login-failed": EXIT.login,
  "disabled": EXIT.login,
  "invitation-needed": EXIT.login,
  "invitation-invalid": EXIT.login,
  "unknown-user": EXIT.usage,
  "unknown-message": EXIT.usage,
  "recipient-changed": EXIT.usage,
  "not-accepted": EXIT.usage,
  "not-allowed": EXIT.usage,
  "content-empty": EXIT.usage,
  "content-too-long": EXIT.usage,
  "id-conflict": EXIT.usage,
  "inbox-full": EXIT.rateLimited,
  "quota": EXIT.rateLimited,
  "rate-limited": EXIT.rateLimited,
  "busy": EXIT.rateLimited,
  "read-only": EXIT.internal,
  "unavailable": EXIT.noNode,
  "too-many-sessions": EXIT.login,
};

/** Statuses of the failures that are no refusals of the server. */
const OF_FAILURES: Readonly<
  Record<Exclude<Failure["kind"], "refused" | "loginRefused" | "notSent">, FailureStatus>
> = {
  held: EXIT.usage,
  notHeld: EXIT.usage,
  replyLost: EXIT.noNode,
  versionUnknown: EXIT.internal,
  nameInvalid: EXIT.usage,
  nameTaken: EXIT.login,
  nameUnknown: EXIT.login,
  accountGone: EXIT.login,
  passwordWrong: EXIT.login,
  passwordLength: EXIT.login,
  passwordsDiffer: EXIT.login,
  unsent: EXIT.noNode,
  heldUnsent: EXIT.usage,
  beingSent: EXIT.usage,
  unable: EXIT.internal,
  draftTooLong: EXIT.usage,
  savedRefused: EXIT.usage,
  deletedInPart: EXIT.usage,
};

/** A code of a later version is a refusal like any other. */
function refusalStatus(code: string): FailureStatus {
  return Object.hasOwn(OF_REFUSALS, code) ? OF_REFUSALS[code as ErrorCode] : EXIT.usage;
}

/** The exit status of a script in which this did not work. */
export function failureStatus(failure: Failure): FailureStatus {
  return "refusal" in failure ? refusalStatus(failure.refusal.code) : OF_FAILURES[failure.kind];
}

/** The exit status of a program that ends for this reason. */
export function leaveStatus(reason: LeaveReason): ExitStatus {
  switch (reason.kind) {
    case "quit":
      return reason.unsent > 0 ? EXIT.noNode : EXIT.ok;
    case "notLoggedIn":
      return EXIT.login;
    case "failed":
      return failureStatus(reason.failure);
  }
}
