/**
 * The rule for deleting an account (client protocol, DELETE_ACCOUNT).
 *
 * @module
 */

import { type Decision, OK } from "../decision.ts";
import type { Account } from "./account.ts";

/** Deletes the account, its tokens and every message that it sent or received, for good. */
export function decideDeleteAccount(account: Account): Decision {
  return { events: [{ type: "accountDeleted", account: account.id }], reply: OK };
}
