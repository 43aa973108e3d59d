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
  "unknown-user",
  "unknown-message",
  "recipient-changed",
  "not-allowed",
  "content-empty",
  "content-too-long",
  "id-conflict",
  "rate-limited",
  "busy",
  "read-only",
  "unavailable",
  "too-many-sessions",
] as const;

/** One of `ERROR_CODES`. */
export type ErrorCode = (typeof ERROR_CODES)[number];
