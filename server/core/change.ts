/**
 * Changes: the effects of an entry on the state. `evolve` returns them, and `react` turns them into pushes.
 *
 * @module
 */

import type { Account, Token } from "./accounts/account.ts";
import type { Message } from "./messages/message.ts";

/** One change of the state. An entry that repeats known facts makes none. */
export type Change =
  | { readonly type: "messageStored"; readonly message: Message }
  | {
    readonly type: "progressMade";
    readonly sender: Account;
    readonly reader: Account;
    readonly status: "delivered" | "read";
    readonly ids: readonly string[];
  }
  | {
    /** For both sides if `by` is the sender; otherwise for `by` alone. */
    readonly type: "messagesGone";
    readonly by: Account;
    readonly others: readonly Account[];
    readonly ids: readonly string[];
  }
  | { readonly type: "accountMade"; readonly account: Account }
  | {
    readonly type: "accountRenamed";
    readonly account: Account;
    readonly from: string;
    readonly to: string;
  }
  | {
    readonly type: "accountGone";
    readonly account: Account;
    readonly name: string;
    readonly partners: readonly Account[];
    /** Who acted, as in the entry; here and below. */
    readonly actor: string | undefined;
  }
  | { readonly type: "accountDisabled"; readonly account: Account }
  | {
    /** `account` blocks `person` from now on, or no longer. */
    readonly type: "blockChanged";
    readonly account: Account;
    readonly person: Account;
  }
  | {
    readonly type: "passwordSet";
    readonly account: Account;
    readonly keeps: string | undefined;
    readonly actor: string | undefined;
  }
  | { readonly type: "tokenVoid"; readonly token: Token; readonly actor: string | undefined };

/** The changes of an entry without effect. */
export const NO_CHANGE: readonly Change[] = [];
