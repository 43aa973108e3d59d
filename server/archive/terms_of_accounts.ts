/**
 * Which messages the index of terms has, of each account.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { messageNumbers } from "./block_messages.ts";

/** Most accounts of which a block is remembered: messages come in the order in which they were folded. */
const REMEMBERED_MAX = 2_000;

/** A block, without its terms. */
interface Block {
  readonly last: number;
  readonly numbers: ReadonlySet<number>;
}

/** Looks messages up in the index of terms, while blocks are made and lose messages. */
export class TermsOfAccounts {
  /** The last block that was looked into, by account. Blocks only lose messages that are deleted. */
  readonly #blocks = new Map<number, Block>();
  /** Those that waited when they were last read, by account: each is in a block later. */
  readonly #waits = new Map<number, ReadonlySet<number>>();
  readonly #waiting: StatementSync;
  readonly #block: StatementSync;

  constructor(db: DatabaseSync) {
    this.#waiting = db.prepare("SELECT messages FROM unindexed WHERE account = ?");
    this.#block = db.prepare(`
      SELECT last, messages FROM blocks INDEXED BY blocks_by_message
      WHERE account = ? AND first <= ? ORDER BY first DESC LIMIT 1`);
  }

  /** True if a message waits to become a part of a block of this account, or is in one. */
  have(account: number, message: number): boolean {
    return this.#blocks.get(account)?.numbers.has(message) === true ||
      this.#waits.get(account)?.has(message) === true ||
      this.#blockHas(account, message) || this.#readWaiting(account).has(message);
  }

  /** Reads as a search does: damage that hides messages from it hides them here. */
  #readWaiting(account: number): ReadonlySet<number> {
    const numbers = this.#waiting.all(account).flatMap(({ messages }) => messageNumbers(String(messages)));
    const waiting = new Set(numbers);
    if (this.#waits.size >= REMEMBERED_MAX) this.#waits.clear();
    this.#waits.set(account, waiting);
    return waiting;
  }

  #blockHas(account: number, message: number): boolean {
    const row = this.#block.get(account, message);
    if (row === undefined) return false;
    const block = { last: Number(row["last"]), numbers: new Set(messageNumbers(String(row["messages"]))) };
    if (this.#blocks.size >= REMEMBERED_MAX) this.#blocks.clear();
    this.#blocks.set(account, block);
    return message <= block.last && block.numbers.has(message);
  }
}
