/**
 * The index of terms. The newest messages of an account wait (`waiting_messages.ts`); when there are enough of them,
 * they become a block. A block that has lost a message is stale until it is made again without it.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { BLOCK_CONTENT, termBlock } from "../core/search/term_block.ts";
import { ArrayStatement } from "./array_statement.ts";
import { blockChecksum, blockOf, type BlockRow, messageNumbers, messagesText } from "./block_messages.ts";
import {
  READ_MESSAGES,
  type WaitingMessage,
  waitingMessage,
  WaitingMessages,
  type WaitingSum,
} from "./waiting_messages.ts";

/** The index of terms, for the connection that writes. `save` ends each part of a transaction. */
export class TermIndex {
  readonly #blockMessages: number;
  readonly #waiting: WaitingMessages;
  /** Accounts whose waiting messages are enough for a block. */
  readonly #full = new Set<number>();
  readonly #blockOf: StatementSync;
  readonly #addBlock: StatementSync;
  readonly #addStale: StatementSync;
  readonly #nextStale: StatementSync;
  readonly #removeStale: StatementSync;
  readonly #readMessages: ArrayStatement;
  readonly #replaceBlock: StatementSync;
  readonly #removeBlock: StatementSync;

  /** @param blockMessages messages that fill a block (`core/search/term_block.ts`) */
  constructor(db: DatabaseSync, blockMessages: number) {
    this.#blockMessages = blockMessages;
    this.#waiting = new WaitingMessages(db);
    this.#blockOf = db.prepare(`
      SELECT number, last FROM blocks WHERE account = ? AND first <= ? ORDER BY first DESC LIMIT 1`);
    this.#addBlock = db.prepare(`
      INSERT INTO blocks (account, first, last, oldest, newest, messages, terms, crc)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#addStale = db.prepare("INSERT OR IGNORE INTO stale_blocks (block) VALUES (?)");
    this.#nextStale = db.prepare(`
      SELECT b.* FROM stale_blocks s CROSS JOIN blocks b ON b.number = s.block LIMIT 1`);
    this.#removeStale = db.prepare("DELETE FROM stale_blocks WHERE block = ?");
    this.#readMessages = new ArrayStatement(db, READ_MESSAGES);
    this.#replaceBlock = db.prepare("UPDATE blocks SET messages = ?, terms = ?, crc = ? WHERE number = ?");
    this.#removeBlock = db.prepare("DELETE FROM blocks WHERE number = ?");
  }

  /** Adds a message, with a higher number than all before, to the index of its accounts, one or two. */
  add(message: WaitingMessage, [one, other]: readonly [number, number]): void {
    this.#addTo(one, message);
    if (other !== one) this.#addTo(other, message);
  }

  /** Notes that a message has no content any more: the blocks that it is in are stale. */
  remove(number: number, accounts: readonly number[]): void {
    for (const account of new Set(accounts)) {
      if (this.#waiting.remove(account, number)) continue;
      const block = this.#blockOf.get(account, number);
      if (block !== undefined && Number(block["last"]) >= number) this.#addStale.run(block["number"] ?? null);
    }
  }

  /**
   * Makes blocks, of about so many accounts at most, and writes what waits. Returns false if none was to be made.
   *
   * @param mayWait true if what waits may do so in memory until a later call, as long as it takes little of it
   */
  save(accountsMax: number, mayWait = false): boolean {
    let accounts = 0;
    for (; this.#full.size > 0 && accounts < accountsMax; accounts++) {
      const [account = 0] = this.#full;
      this.#makeBlocks(account);
    }
    this.#waiting.save(mayWait);
    return accounts > 0;
  }

  /** Makes a stale block again; returns false if there is none. */
  renewBlock(): boolean {
    const stale = this.#nextStale.get();
    if (stale === undefined) return false;
    const number = Number(stale["number"]);
    const block = blockOf(stale);
    const sources = this.#readMessages.all(JSON.stringify(messageNumbers(block.messages))).map(
      waitingMessage,
    );
    if (sources.length === 0) this.#removeBlock.run(number);
    else this.#replace(number, { ...block, ...contentOf(sources) });
    this.#removeStale.run(number);
    return true;
  }

  #replace(number: number, block: BlockRow): void {
    this.#replaceBlock.run(block.messages, block.terms, blockChecksum(block), number);
  }

  /** Forgets what was counted: it may have been undone, or erased. */
  forget(): void {
    this.#waiting.forget();
    this.#full.clear();
  }

  #addTo(account: number, message: WaitingMessage): void {
    if (this.#fills(this.#waiting.add(account, message))) this.#full.add(account);
  }

  #fills({ messages, length }: Readonly<WaitingSum>): boolean {
    return messages >= this.#blockMessages || length >= BLOCK_CONTENT;
  }

  /** Makes all full blocks of an account. */
  #makeBlocks(account: number): void {
    this.#full.delete(account);
    let block: WaitingMessage[] = [];
    let length = 0;
    for (const message of this.#waiting.take(account)) {
      block.push(message);
      length += message.content.length;
      if (!this.#fills({ messages: block.length, length })) continue;
      this.#addBlockOf(account, block);
      [block, length] = [[], 0];
    }
    for (const message of block) this.#waiting.add(account, message);
  }

  #addBlockOf(account: number, sources: readonly WaitingMessage[]): void {
    const numbers = sources.map(({ number }) => number);
    const times = sources.map(({ time }) => time);
    const [first, last] = [numbers[0] ?? 0, numbers.at(-1) ?? 0];
    const [oldest, newest] = [Math.min(...times), Math.max(...times)];
    const { messages, terms } = contentOf(sources);
    const crc = blockChecksum({ account, first, last, oldest, newest, messages, terms });
    this.#addBlock.run(account, first, last, oldest, newest, messages, terms, crc);
  }
}

function contentOf(sources: readonly WaitingMessage[]): Pick<BlockRow, "messages" | "terms"> {
  return {
    messages: messagesText(sources.map(({ number }) => number)),
    terms: termBlock(sources.map(({ content }) => content)),
  };
}
