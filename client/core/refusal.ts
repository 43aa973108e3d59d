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
const PASSING: ReadonlySet<ErrorCode> = new Set(["rate-limited", "busy", "read-only", "unavailable"]);

/** True if the same request may be served a little later. */
export function isPassing({ code }: Refusal): boolean {
  return PASSING.has(code);
}
