/**
 * Refusals of a server.
 *
 * @module
 */

import type { ErrorCode } from "../../common/protocol/error_codes.ts";
import type { ConfirmedReply } from "../../common/protocol/replies.ts";

/** A refusal of the server: its code, its words, and the seconds after which it may pass. */
export type Refusal = Extract<ConfirmedReply, { name: "error" }>["payload"];

/** Refusals that pass: the same request may be served a little later. */
const PASSING: ReadonlySet<string> = new Set<ErrorCode>(["rate-limited", "busy", "read-only", "unavailable"]);

/** Refusals of a login that neither another password nor time changes. */
const FINAL: ReadonlySet<string> = new Set<ErrorCode>(["name-taken", "name-invalid", "disabled"]);

/** True if the same request may be served a little later. */
export function isPassing({ code }: Refusal): boolean {
  return PASSING.has(code);
}

/** True if a login that was refused so is not tried again until the person says so. */
export function isFinalRefusal({ code }: Refusal): boolean {
  return FINAL.has(code);
}
