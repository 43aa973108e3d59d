/**
 * Reasons not to serve a request that makes sense.
 *
 * @module
 */

import type { Dialect } from "../../common/protocol/codec.ts";
import type { RequestName } from "../../common/protocol/requests.ts";
import { type Refusal, refusal } from "../core/decision.ts";
import type { Node } from "../node/node.ts";
import type { RequestRow } from "./request_row.ts";

/** `retryAfter` of a node that serves no clients, seconds. */
const UNAVAILABLE_RETRY_SECONDS = 1;

/** The refusal of a request that does not exist. */
export function unknownRequest(type: number | bigint): Refusal {
  return refusal("unknown-request", `there is no request of type ${type}`);
}

/** A session that asks for something. */
interface Asking {
  readonly node: Node;
  readonly dialect: Dialect;
  readonly loggedIn: boolean;
}

/** The reason why a request is not served now, if there is one. */
export function requestProblem(
  name: RequestName,
  row: Pick<RequestRow<unknown>, "whileFilling" | "access">,
  { node: { closing, drain, ports }, dialect, loggedIn }: Asking,
): Refusal | undefined {
  // The original dialect has no word for a node that serves nobody: its connections end at their first request.
  const whileFilling = row.whileFilling && (dialect === "confirmed" || name === "hello");
  if (closing) return refusal("unavailable", "this node is closing; go on with another");
  if (drain.refusal !== undefined && !loggedIn && !whileFilling) return refusal("unavailable", drain.refusal);
  const { unavailable } = ports.replication;
  if (unavailable !== undefined && !whileFilling) {
    return refusal("unavailable", unavailable, UNAVAILABLE_RETRY_SECONDS);
  }
  if (row.access === "account" && !loggedIn) {
    return refusal("not-logged-in", "log in first: LOGIN_1 and LOGIN_2, or RESUME");
  }
  return undefined;
}
