/**
 * What a node knows: the fold of all entries. Only `evolve` changes it.
 *
 * @module
 */

import { Directory } from "./accounts/directory.ts";
import { Account, type Token } from "./accounts/account.ts";
import { MessageIndex } from "./messages/message_index.ts";
import type { EarlyMark } from "./messages/early_mark.ts";
import type { Reached } from "./version.ts";

/** The fold of all entries. */
export class State {
  /** The last entry of each origin: what is here already. */
  readonly version = new Map<string, Reached>();
  /** The latest stamp, microseconds since the Unix epoch. */
  stamp = 0;
  /** Every account, by account id: those that were deleted, and those of which only messages are known yet. */
  readonly accounts = new Map<string, Account>();
  /** Who has which name. */
  readonly directory = new Directory();
  /** Login tokens that are not revoked, by their SHA-256. */
  readonly tokens = new Map<string, Token>();
  /** SHA-256 of tokens whose revocation came before their issue. */
  readonly revokedEarly = new Set<string>();
  /** When tokens were last used, as far as that was logged: stamps, by the SHA-256 of the token. */
  readonly tokenUses = new Map<string, number>();
  /** Every message, by its identity. */
  readonly messages = new MessageIndex();
  /** What was said of messages that have not arrived yet, by `earlyMarkKey`. */
  readonly earlyMarks = new Map<string, EarlyMark>();

  /** The account with that id; made if nothing of it has arrived yet. */
  account(id: string): Account {
    const known = this.accounts.get(id);
    if (known) return known;
    const account = new Account(id);
    this.accounts.set(id, account);
    return account;
  }
}
