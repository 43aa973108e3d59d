/**
 * What an entry really changed: what `evolve` answers, and what people hear of.
 *
 * @module
 */

import type { Account, Token } from "./accounts/account.ts";
import type { Message } from "./messages/message.ts";

/** One change of the state. An entry that says nothing new changes nothing. */
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
    /** For both, if `by` is the sender; else for `by` alone. */
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
  }
  | { readonly type: "passwordSet"; readonly account: Account; readonly keeps: string | undefined }
  | { readonly type: "tokenVoid"; readonly token: Token };

/** Nothing has changed. */
export const NO_CHANGE: readonly Change[] = [];
