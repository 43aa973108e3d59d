/**
 * The account that a message is meant for, where the client names it by its id: a name can pass to another person
 * (client protocol, SEND_MSG).
 *
 * @module
 */

import { type Refusal, refusal } from "../decision.ts";
import { nodeOf } from "../entry.ts";
import type { State } from "../state.ts";
import type { Account } from "./account.ts";

/** True if no entry about this account has arrived: it never existed, or its entries are in transit. */
export function isUnheardOf(state: State, id: string): boolean {
  const account = state.accounts.get(id);
  return account === undefined || (account.created === undefined && account.deleted === undefined);
}

/** Refusal by a node that is not connected with all others: one of them may know the account that is meant. */
export function unheardOf(): Refusal {
  return refusal(
    "unavailable",
    "this node does not know the account that is meant, and cannot ask all other nodes now; go on with another",
    1,
  );
}

/**
 * The living account with this id, if the name may be one that it has or had.
 *
 * @returns a refusal if the account is gone or unknown, or the name is somebody else's
 */
export function accountMeant(state: State, id: string, name: string): Account | Refusal {
  const account = state.accounts.get(id);
  if (account === undefined) return recipientChanged(name, "does not exist");
  if (!account.alive) return recipientChanged(name, "does not exist any more");
  return mayHaveHad(account, name) ? account : recipientChanged(name, "has another name");
}

/**
 * True if an account has a name or may have had it. The number at the end of a namesake's name can change while
 * nodes merge, so any number counts.
 */
function mayHaveHad({ name: shown, registeredName, created }: Account, name: string): boolean {
  const asked = name.toLowerCase();
  if (asked === shown.toLowerCase()) return true;
  if (registeredName === undefined || created === undefined) return false;
  const registered = registeredName.toLowerCase();
  if (asked === registered) return true;
  const renamed = `${registered}~${nodeOf(created.origin).toLowerCase()}`;
  return asked === renamed || (asked.startsWith(renamed) && /^~\d+$/.test(asked.slice(renamed.length)));
}

function recipientChanged(name: string, fact: string): Refusal {
  const shown = JSON.stringify(name.slice(0, 64));
  return refusal(
    "recipient-changed",
    `the account that this message to ${shown} is meant for ${fact}; nothing was sent, and whoever has the name ` +
      "now is somebody else",
  );
}
