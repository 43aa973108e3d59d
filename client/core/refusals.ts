/**
 * What a refusal of the server means to the one who asked.
 *
 * @module
 */

import type { ErrorCode } from "../../common/protocol/error_codes.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { EXIT, type Failure } from "./step.ts";

type Refusal = Extract<ConfirmedReply, { name: "error" }>["payload"];

/** The exit status of a script that met this refusal. */
const STATUS: Readonly<Record<ErrorCode, Failure>> = {
  "version-unknown": EXIT.internal,
  "bad-request": EXIT.usage,
  "unknown-request": EXIT.internal,
  "not-logged-in": EXIT.login,
  "name-invalid": EXIT.usage,
  "name-taken": EXIT.login,
  "password-invalid": EXIT.login,
  "login-failed": EXIT.login,
  "unknown-user": EXIT.usage,
  "unknown-message": EXIT.usage,
  "not-allowed": EXIT.usage,
  "content-empty": EXIT.usage,
  "content-too-long": EXIT.usage,
  "id-conflict": EXIT.usage,
  "rate-limited": EXIT.rateLimited,
  "busy": EXIT.rateLimited,
  "read-only": EXIT.internal,
  "unavailable": EXIT.noNode,
  "too-many-sessions": EXIT.login,
};

/** What passes by itself: the same request may be served a little later. */
const PASSING: ReadonlySet<ErrorCode> = new Set(["rate-limited", "busy", "read-only", "unavailable"]);

/** The exit status of a script that met this refusal. */
export function statusOf(code: ErrorCode): Failure {
  return STATUS[code];
}

/** Whether the same request may be served a little later. */
export function isPassing(code: ErrorCode): boolean {
  return PASSING.has(code);
}

/** What a refusal says to people, and when to try again unless the server's own words say that already. */
export function refusalText({ message, retryAfter }: Refusal): string {
  if (retryAfter === undefined || message.includes("try again in ")) return message;
  return `${message}; try again in ${Math.ceil(retryAfter)} s`;
}
