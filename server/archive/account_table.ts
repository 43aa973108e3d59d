/**
 * Accounts, tokens and invitations: the fold of the core, onto the rows that an entry concerns. These are loaded when they are first
 * needed, so that a thread that writes has no second copy of all accounts in memory.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { Account } from "../core/accounts/account.ts";
import { accountRecord, loadAccount } from "../core/accounts/account_record.ts";
import type { Entry } from "../core/entry.ts";
import { evolveAccounts } from "../core/evolve.ts";
import { State } from "../core/state.ts";
import { AccountRows } from "./account_rows.ts";
import { InvitationRows } from "./invitation_rows.ts";
import type { Numbers } from "./numbers.ts";
import { TokenRows } from "./token_rows.ts";

/** Most accounts that stay in memory between two transactions. */
const REMEMBERED_MAX = 20_000;

/** Events about one account. Others say nothing of accounts, or are of a newer version. */
const ACCOUNT_EVENTS: ReadonlySet<string> = new Set(
  [
    "accountCreated",
    "accountDeleted",
    "accountDisabled",
    "accountEnabled",
    "nameForgotten",
    "passwordChanged",
    "passwordRehashed",
    "personBlocked",
    "personUnblocked",
    "tokenIssued",
    "tokenRevoked",
    "tokensUsed",
    "fingerprintKeyMade",
    "addressKeyMade",
    "addressKnown",
  ] satisfies Entry["type"][],
);

/** Accounts, tokens and invitations, for the connection that writes. `save` ends each part of a transaction. */
export class AccountTable {
  #state = new State();
  /** Hashes of tokens that were looked up. */
  #looked = new Set<string>();
  #changed = new Set<Account>();
  #storing = new Set<Account>();
  #tokens = new Set<string>();
  readonly #accountRows: AccountRows;
  readonly #tokenRows: TokenRows;
  readonly #invitationRows: InvitationRows;

  constructor(db: DatabaseSync, numbers: Numbers) {
    this.#accountRows = new AccountRows(db, numbers);
    this.#tokenRows = new TokenRows(db, numbers);
    this.#invitationRows = new InvitationRows(db);
  }

  /** Folds what an entry says of accounts, tokens and invitations. */
  fold(entry: Entry): void {
    if (entry.type === "messageSent") {
      this.#storing.add(this.#account(entry.from));
      return evolveAccounts(this.#state, entry);
    }
    if (entry.type === "invitationMade" || entry.type === "invitationRevoked") {
      return this.#invitationRows.fold(entry);
    }
    if ("ids" in entry || !ACCOUNT_EVENTS.has(entry.type)) return;
    const account = this.#account(entry.account);
    for (const hash of this.#hashesOf(entry)) {
      this.#look(hash);
      this.#tokens.add(hash);
    }
    evolveAccounts(this.#state, entry);
    this.#changed.add(account);
    this.#storing.add(account);
  }

  /** Writes what has changed. @param mayWait true if it may wait for a later call, as long as it takes little memory */
  save(mayWait: boolean): void {
    if (mayWait && this.#state.accounts.size <= REMEMBERED_MAX) return;
    for (const account of this.#changed) {
      this.#accountRows.save(account.id, accountRecord(account), account.knownAddresses);
    }
    for (const account of this.#storing) this.#accountRows.saveDays(account.id, account.stored.days);
    for (const hash of this.#tokens) this.#tokenRows.save(hash, this.#state);
    this.#changed.clear();
    this.#storing.clear();
    this.#tokens.clear();
    if (this.#state.accounts.size > REMEMBERED_MAX) this.forget();
  }

  /** Forgets everything that was read: it may have been undone, or erased. */
  forget(): void {
    this.#state = new State();
    this.#looked = new Set();
    this.#changed = new Set();
    this.#storing = new Set();
    this.#tokens = new Set();
  }

  /** Hashes of the tokens that an entry concerns. */
  #hashesOf(entry: Entry): readonly string[] {
    switch (entry.type) {
      case "tokenIssued":
      case "tokenRevoked":
        return [entry.token];
      case "tokensUsed":
        return entry.tokens;
      case "accountDeleted":
        // Tokens that were changed in this transaction are in memory, and perhaps in no row yet.
        for (const hash of this.#tokenRows.of(entry.account)) this.#look(hash);
        return [...this.#account(entry.account).tokens].map(({ hash }) => hash);
      default:
        return [];
    }
  }

  #account(id: string): Account {
    const known = this.#state.accounts.get(id);
    if (known !== undefined) return known;
    const account = this.#state.account(id);
    const row = this.#accountRows.find(id);
    loadAccount(this.#state, account, row.record);
    account.knownAddresses = row.addresses;
    for (const { day, bytes } of row.days) account.stored.add(day, bytes);
    return account;
  }

  #look(hash: string): void {
    if (this.#looked.has(hash)) return;
    this.#looked.add(hash);
    this.#tokenRows.load(hash, this.#state, (id) => this.#account(id));
  }
}
