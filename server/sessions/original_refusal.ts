/**
 * Refusals in the original dialect, as its window understands them.
 *
 * @module
 */

import { type Dialect, hasReply } from "../../common/protocol/codec.ts";
import type { ErrorCode } from "../../common/protocol/error_codes.ts";
import type { OriginalReply } from "../../common/protocol/original_replies.ts";
import type { RequestName } from "../../common/protocol/requests.ts";
import type { Refusal } from "../core/decision.ts";
import type { Clock } from "../ports/outside.ts";

/** Refusals of LOGIN_2 that are LOGIN_FAILED: the window asks for the password again, and takes ERROR for a fault. */
const FAILED_LOGINS: ReadonlySet<ErrorCode> = new Set([
  "name-taken",
  "password-invalid",
  "disabled",
  "invitation-needed",
  "invitation-invalid",
  "not-allowed",
]);

/**
 * Time that a connection without a login has after SEND_MSG, ms: the LIST_MESSAGES that the window sends right behind
 * it gets its ERROR.
 */
const PARTING_MS = 1_000;

/** The reply to a refused request; `undefined` if it has none. */
export function originalRefusal(
  name: RequestName | undefined,
  { code, message }: Refusal,
): OriginalReply | undefined {
  if (name === "finishLogin" && FAILED_LOGINS.has(code)) return { name: "loginFailed", payload: null };
  if (name !== undefined && !hasReply(name, "original")) return undefined;
  return { name: "error", payload: message };
}

/** A session, as its refusals see it. */
interface Asking {
  readonly node: { readonly ports: { readonly clock: Pick<Clock, "monotonicMs"> } };
  readonly dialect: Dialect;
  /** True if no request but PING came that anyone may make. */
  readonly onlyPinged: boolean;
  deadlineMs: number;
  refuse(name: RequestName, problem: Refusal): void;
  end(): void;
}

/**
 * Refuses a request that is not served now. In the original dialect the connection may end with it: a node that serves
 * nobody lets its clients go to another, and a window that goes on after a broken connection only says PING, so that
 * its person must see that they are not logged in.
 */
export function turnDown(session: Asking, name: RequestName, problem: Refusal): void {
  session.refuse(name, problem);
  if (session.dialect === "confirmed" || name === "hello") return;
  const isStranger = problem.code === "not-logged-in" && session.onlyPinged;
  if (problem.code === "unavailable" || (isStranger && hasReply(name, "original"))) session.end();
  else if (isStranger) session.deadlineMs = session.node.ports.clock.monotonicMs() + PARTING_MS;
}
