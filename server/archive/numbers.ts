/**
 * Numbers in place of account ids and of pairs of them: they are short, and stand in every row.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { storedText } from "./stored_text.ts";

/** An account of the archive. */
export interface NumberedAccount {
  readonly number: number;
  /** True once it is deleted: nothing of it is taken any more. */
  isDeleted: boolean;
}

/** The conversation that a message belongs to, and the side that it comes from. */
export interface ConversationSide {
  readonly conversation: number;
  /** 0 if the account with the lower number sent it, else 1. */
  readonly side: 0 | 1;
}

/** Most accounts, and most conversations, whose numbers stay in memory: some megabytes. */
const REMEMBERED_MAX = 100_000;

/** The numbers of accounts and conversations, for the connection that writes. */
export class Numbers {
  readonly #accounts = new Map<string, NumberedAccount>();
  readonly #conversations = new Map<number, number>();
  readonly #findAccount: StatementSync;
  readonly #addAccount: StatementSync;
  readonly #deleteAccount: StatementSync;
  readonly #findConversation: StatementSync;
  readonly #addConversation: StatementSync;

  constructor(db: DatabaseSync) {
    this.#findAccount = db.prepare("SELECT number, deletion FROM accounts WHERE id = ?");
    this.#addAccount = db.prepare("INSERT INTO accounts (id, deletion) VALUES (?, 0)");
    this.#deleteAccount = db.prepare("UPDATE accounts SET deletion = 1 WHERE number = ?");
    this.#findConversation = db.prepare("SELECT number FROM conversations WHERE first = ? AND second = ?");
    this.#addConversation = db.prepare("INSERT INTO conversations (first, second) VALUES (?, ?)");
  }

  /** The account with this id, which may be new. */
  account(id: string): NumberedAccount {
    const known = this.#accounts.get(id);
    if (known !== undefined) return known;
    const stored = storedText(id);
    const row = this.#findAccount.get(stored);
    const number = row === undefined ? this.#addAccount.run(stored).lastInsertRowid : row["number"];
    const account = { number: Number(number), isDeleted: row !== undefined && row["deletion"] !== 0 };
    remember(this.#accounts, id, account);
    return account;
  }

  /** Takes nothing of an account any more; what is there is erased later (`erasure.ts`). */
  markDeleted(account: NumberedAccount): void {
    if (account.isDeleted) return;
    account.isDeleted = true;
    this.#deleteAccount.run(account.number);
  }

  /** The side of the sender in its conversation with the recipient; `undefined` if they have none. */
  find(sender: NumberedAccount, recipient: NumberedAccount): ConversationSide | undefined {
    const [first, second] = ordered(sender, recipient);
    const known = this.#conversations.get(keyOf(first, second));
    if (known !== undefined) return sideOf(sender, first, known);
    const number = this.#findConversation.get(first, second)?.["number"];
    if (number === undefined) return undefined;
    remember(this.#conversations, keyOf(first, second), Number(number));
    return sideOf(sender, first, Number(number));
  }

  /** The same; makes the conversation if there is none. */
  conversation(sender: NumberedAccount, recipient: NumberedAccount): ConversationSide {
    const known = this.find(sender, recipient);
    if (known !== undefined) return known;
    const [first, second] = ordered(sender, recipient);
    const number = Number(this.#addConversation.run(first, second).lastInsertRowid);
    remember(this.#conversations, keyOf(first, second), number);
    return sideOf(sender, first, number);
  }

  /** Forgets everything that was read: it may have been undone, or erased. */
  forget(): void {
    this.#accounts.clear();
    this.#conversations.clear();
  }
}

function sideOf(sender: NumberedAccount, first: number, conversation: number): ConversationSide {
  return { conversation, side: sender.number === first ? 0 : 1 };
}

/** One number for two accounts, as long as there are fewer than 2^26 of them: a text would be made for each message. */
function keyOf(first: number, second: number): number {
  return first * 2 ** 26 + second;
}

/** Keeps a number in memory. When there are too many, all are read anew, which takes less than an order of use. */
function remember<K, V>(known: Map<K, V>, key: K, value: V): void {
  if (known.size >= REMEMBERED_MAX) known.clear();
  known.set(key, value);
}

function ordered(a: NumberedAccount, b: NumberedAccount): readonly [number, number] {
  return a.number <= b.number ? [a.number, b.number] : [b.number, a.number];
}
