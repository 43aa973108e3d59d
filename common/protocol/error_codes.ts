/**
 * The reasons for refusing a request (client protocol, section 4).
 *
 * @module
 */

/** Every code of an ERROR in the confirmed dialect. */
export const ERROR_CODES = [
  "version-unknown",
  "bad-request",
  "unknown-request",
  "not-logged-in",
  "name-invalid",
  "name-taken",
  "password-invalid",
  "login-failed",
  "disabled",
  "invitation-needed",
  "invitation-invalid",
  "unknown-user",
  "unknown-message",
  "recipient-changed",
  "not-accepted",
  "not-allowed",
  "content-empty",
  "content-too-long",
  "id-conflict",
  "inbox-full",
  "quota",
  "rate-limited",
  "busy",
  "read-only",
  "unavailable",
  "too-many-sessions",
] as const;

/** One of `ERROR_CODES`. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Codes that came after version 1.0.0. */
const LATER_CODES: ReadonlySet<ErrorCode> = new Set([
  "recipient-changed",
  "not-accepted",
  "inbox-full",
  "quota",
  "disabled",
  "invitation-needed",
  "invitation-invalid",
]);

/** Stands for a refusal whose code the other side does not know. */
const UNSPECIFIC: ErrorCode = "not-allowed";

/**
 * The code for a client of version 1.0.0, which has `not-allowed` in place of a later one: that client takes an unknown
 * code for a broken frame, leaves the node, and sends the same message again, without end.
 */
export function firstReleaseCode(code: ErrorCode): ErrorCode {
  return LATER_CODES.has(code) ? UNSPECIFIC : code;
}
