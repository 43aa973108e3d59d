/**
 * Last words to sessions that an act of the operator ends.
 *
 * @module
 */

import type { Change } from "../change.ts";
import { type Refusal, refusal } from "../decision.ts";
import { OPERATOR } from "./operator_acts.ts";

/** Refusal of a login to an account that the operator has disabled, and the last word to its sessions. */
export function accountIsDisabled(): Refusal {
  return refusal(
    "disabled",
    "the operator of this server has disabled this account; ask them to enable it. Its messages are kept",
  );
}

/** The last word to sessions that a change ends, if the operator made it; else `undefined`: no session is told. */
export function endingOf(change: Change): Refusal | undefined {
  if (change.type === "accountDisabled") return accountIsDisabled();
  if (!("actor" in change) || change.actor !== OPERATOR) return undefined;
  switch (change.type) {
    case "accountGone":
      return ended("has deleted this account");
    case "passwordSet":
      return ended("has set another password for this account; log in with that one");
    case "tokenVoid":
      return loginEnded();
    default:
      return undefined;
  }
}

/** The last word to a session that the operator ends by itself. */
export function loginEnded(): Refusal {
  return ended("has ended this login; log in again");
}

/** With this code, a client does the requests again that have no answer, once it is logged in. */
function ended(act: string): Refusal {
  return refusal("not-logged-in", `the operator of this server ${act}`);
}
