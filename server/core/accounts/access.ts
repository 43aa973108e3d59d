/**
 * Access to accounts: the operator disables an account and enables it again.
 *
 * @module
 */

import { type Change, NO_CHANGE } from "../change.ts";
import type { Place } from "../entry.ts";
import type { AccountDisabled, AccountEnabled } from "../events.ts";
import type { State } from "../state.ts";
import type { Access } from "./account.ts";

/** Disables or enables an account, unless the known decision is a later one. Deletion comes before both. */
export function foldAccess(
  state: State,
  { type, account: id, generation, stamp, at = stamp }: Place & (AccountDisabled | AccountEnabled),
): readonly Change[] {
  const account = state.account(id);
  if (account.deleted !== undefined) return NO_CHANGE;
  const made: Access = { isDisabled: type === "accountDisabled", generation, at };
  const { access: known, isDisabled: wasDisabled } = account;
  if (known !== undefined && compareAccess(made, known) <= 0) return NO_CHANGE;
  account.access = made;
  return account.isDisabled && !wasDisabled ? [{ type: "accountDisabled", account }] : NO_CHANGE;
}

/** Above 0 if `a` holds and not `b`. Of two that say the same, the earlier one holds. */
function compareAccess(a: Access, b: Access): number {
  return a.generation - b.generation || Number(a.isDisabled) - Number(b.isDisabled) || b.at - a.at;
}
