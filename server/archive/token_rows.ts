/**
 * Rows about login tokens: those that hold, their uses, and those that are revoked.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Account } from "../core/accounts/account.ts";
import type { State } from "../core/state.ts";
import type { Numbers } from "./numbers.ts";
import { checkRow, rowChecksum } from "./row_checksum.ts";
import { storedText, textOf } from "./stored_text.ts";

/** Rows about tokens, for the connection that writes. */
export class TokenRows {
  readonly #numbers: Numbers;
  readonly #find: StatementSync;
  readonly #of: StatementSync;
  readonly #use: StatementSync;
  readonly #revoked: StatementSync;
  readonly #add: StatementSync;
  readonly #addUse: StatementSync;
  readonly #addRevoked: StatementSync;
  readonly #removals: readonly StatementSync[];

  constructor(db: DatabaseSync, numbers: Numbers) {
    this.#numbers = numbers;
    this.#find = db.prepare(`
      SELECT a.id, t.hash, t.account, t.issued, t.password, t.stamp, t.crc FROM tokens t JOIN accounts a ON a.number = t.account
      WHERE t.hash = ?`);
    this.#of = db.prepare(
      "SELECT hash FROM tokens WHERE account = (SELECT number FROM accounts WHERE id = ?)",
    );
    this.#use = db.prepare("SELECT stamp FROM token_uses WHERE hash = ?");
    this.#revoked = db.prepare("SELECT issued FROM revoked_tokens WHERE hash = ?");
    this.#add = db.prepare("INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?)");
    this.#addUse = db.prepare("INSERT INTO token_uses VALUES (?, ?)");
    this.#addRevoked = db.prepare("INSERT INTO revoked_tokens VALUES (?, ?)");
    this.#removals = ["tokens", "token_uses", "revoked_tokens"]
      .map((table) => db.prepare(`DELETE FROM ${table} WHERE hash = ?`));
  }

  /** Hashes of the tokens of an account. */
  of(account: string): string[] {
    return this.#of.all(storedText(account)).map(({ hash }) => textOf(String(hash)));
  }

  /** Loads what is known of a token into a state. @param account finds or loads an account of that state */
  load(hash: string, state: State, account: (id: string) => Account): void {
    const stored = storedText(hash);
    const token = this.#find.get(stored);
    if (token !== undefined) loadToken(state, account(textOf(String(token["id"]))), token);
    const use = this.#use.get(stored)?.["stamp"];
    if (use !== undefined) state.tokenUses.set(hash, Number(use));
    const revoked = this.#revoked.get(stored);
    if (revoked !== undefined) loadRevoked(state, hash, revoked);
  }

  /** Saves what a state has of a token. */
  save(hash: string, state: State): void {
    const stored = storedText(hash);
    for (const removal of this.#removals) removal.run(stored);
    const token = state.tokens.get(hash);
    if (token !== undefined) {
      const { account, issued, password, issuedStamp } = token;
      const { number } = this.#numbers.account(account.id);
      const values = [stored, number, storedText(issued), storedText(password), issuedStamp] as const;
      this.#add.run(...values, rowChecksum(values));
    }
    const use = state.tokenUses.get(hash);
    if (use !== undefined) this.#addUse.run(stored, use);
    if (state.revoked.has(hash)) this.#addRevoked.run(stored, state.revoked.issued(hash) ?? null);
  }
}

type Row = ReturnType<StatementSync["all"]>[number];

/**
 * Adds the token of a row with the columns `hash`, `account`, `issued`, `password`, `stamp` and `crc` to a state.
 *
 * @throws ArchiveUnusable if the checksum does not fit
 */
export function loadToken(state: State, account: Account, row: Row): void {
  const [stored, issued, password] = [String(row["hash"]), String(row["issued"]), String(row["password"])];
  const issuedStamp = Number(row["stamp"]);
  checkRow([stored, Number(row["account"]), issued, password, issuedStamp], row["crc"]);
  const hash = textOf(stored);
  const token = { hash, account, issued: textOf(issued), password: textOf(password), issuedStamp };
  state.tokens.set(hash, token);
  account.tokens.add(token);
}

/** Adds a revoked token, of a row with the column `issued`. */
export function loadRevoked({ revoked }: State, hash: string, { issued }: Row): void {
  revoked.add(hash, issued === null ? undefined : Number(issued));
}
