/**
 * The index of terms. The newest messages of an account wait in `unindexed`; when there are enough of them, they
 * become a block. A block that has lost a message is stale until it is made again without it.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { BLOCK_CONTENT, termBlock } from "../core/search/term_block.ts";
import { messageNumbers, messagesText } from "./block_messages.ts";
import { textOf } from "./stored_text.ts";

/** The messages of an account that are in no block. */
interface Waiting {
  messages: number;
  /** Length of their contents, UTF-16 units. */
  length: number;
}

/** Most accounts whose waiting messages are counted in memory. */
const COUNTED_MAX = 20_000;

/** A message that a block is made of. */
interface Source {
  readonly number: number;
  readonly time: number;
  readonly content: string;
}

/** The index of terms, for the connection that writes. */
export class TermIndex {
  readonly #blockMessages: number;
  readonly #waiting = new Map<number, Waiting>();
  /** Accounts whose waiting messages are enough for a block. */
  readonly #full = new Set<number>();
  readonly #count: StatementSync;
  readonly #await: StatementSync;
  readonly #readWaiting: StatementSync;
  readonly #takeWaiting: StatementSync;
  readonly #blockOf: StatementSync;
  readonly #addBlock: StatementSync;
  readonly #addStale: StatementSync;
  readonly #nextStale: StatementSync;
  readonly #removeStale: StatementSync;
  readonly #readMessages: StatementSync;
  readonly #replaceBlock: StatementSync;
  readonly #removeBlock: StatementSync;

  /** @param blockMessages messages that fill a block (`core/search/term_block.ts`) */
  constructor(db: DatabaseSync, blockMessages: number) {
    this.#blockMessages = blockMessages;
    this.#count = db.prepare(
      "SELECT count(*) AS messages, ifnull(sum(length), 0) AS length FROM unindexed WHERE account = ?",
    );
    this.#await = db.prepare("INSERT INTO unindexed (account, message, length) VALUES (?, ?, ?)");
    this.#readWaiting = db.prepare(`
      SELECT u.message AS number, u.length, m.time, m.content
      FROM unindexed u LEFT JOIN messages m ON m.number = u.message AND m.deleted = 0
      WHERE u.account = ? ORDER BY u.message LIMIT ${blockMessages}`);
    this.#takeWaiting = db.prepare("DELETE FROM unindexed WHERE account = ? AND message <= ?");
    this.#blockOf = db.prepare(`
      SELECT number, last FROM blocks WHERE account = ? AND first <= ? ORDER BY first DESC LIMIT 1`);
    this.#addBlock = db.prepare(`
      INSERT INTO blocks (account, first, last, oldest, newest, messages, terms) VALUES (?, ?, ?, ?, ?, ?, ?)`);
    this.#addStale = db.prepare("INSERT OR IGNORE INTO stale_blocks (block) VALUES (?)");
    this.#nextStale = db.prepare(`
      SELECT b.number, b.messages FROM stale_blocks s CROSS JOIN blocks b ON b.number = s.block LIMIT 1`);
    this.#removeStale = db.prepare("DELETE FROM stale_blocks WHERE block = ?");
    this.#readMessages = db.prepare(`
      SELECT m.number, m.time, m.content FROM json_each(?) j CROSS JOIN messages m ON m.number = j.value
      WHERE m.deleted = 0 ORDER BY m.number`);
    this.#replaceBlock = db.prepare("UPDATE blocks SET messages = ?, terms = ? WHERE number = ?");
    this.#removeBlock = db.prepare("DELETE FROM blocks WHERE number = ?");
  }

  /**
   * Adds a message to the index of its accounts, one or two.
   *
   * @param length of its content, UTF-16 units
   */
  add(number: number, accounts: readonly [number, number], length: number): void {
    for (const account of new Set(accounts)) {
      const waiting = this.#waitingOf(account);
      this.#await.run(account, number, length);
      waiting.messages++;
      waiting.length += length;
      if (this.#fills(waiting)) this.#full.add(account);
    }
  }

  /** Notes that a message has no content any more: the blocks that it is in are stale. */
  remove(number: number, accounts: readonly number[]): void {
    for (const account of new Set(accounts)) {
      const block = this.#blockOf.get(account, number);
      if (block !== undefined && Number(block["last"]) >= number) this.#addStale.run(block["number"] ?? null);
    }
  }

  /** Makes blocks of waiting messages, at most so many. Returns false if no account has enough of them. */
  makeBlocks(blocksMax: number): boolean {
    let made = 0;
    for (; this.#full.size > 0 && made < blocksMax; made++) {
      const [account = 0] = this.#full;
      this.#makeBlock(account);
    }
    return made > 0;
  }

  /** Makes a stale block again; returns false if there is none. */
  renewBlock(): boolean {
    const stale = this.#nextStale.get();
    if (stale === undefined) return false;
    const number = Number(stale["number"]);
    const numbers = messageNumbers(String(stale["messages"]));
    const sources = this.#readMessages.all(JSON.stringify(numbers)).map(sourceOf);
    if (sources.length === 0) this.#removeBlock.run(number);
    else this.#replaceBlock.run(messagesText(sources.map((each) => each.number)), termsOf(sources), number);
    this.#removeStale.run(number);
    return true;
  }

  /** Forgets what was counted: it may have been undone, or erased. */
  forget(): void {
    this.#waiting.clear();
    this.#full.clear();
  }

  #waitingOf(account: number): Waiting {
    const known = this.#waiting.get(account);
    if (known !== undefined) return known;
    const row = this.#count.get(account);
    const waiting = { messages: Number(row?.["messages"]), length: Number(row?.["length"]) };
    if (this.#waiting.size >= COUNTED_MAX) this.#waiting.clear();
    this.#waiting.set(account, waiting);
    return waiting;
  }

  #fills({ messages, length }: Waiting): boolean {
    return messages >= this.#blockMessages || length >= BLOCK_CONTENT;
  }

  #makeBlock(account: number): void {
    const rows = this.#readWaiting.all(account);
    const taken = rows.slice(0, lengthOfBlock(rows.map((row) => Number(row["length"]))));
    const first = Number(taken[0]?.["number"] ?? 0);
    const last = Number(taken.at(-1)?.["number"] ?? 0);
    const sources = taken.filter((row) => row["content"] !== null).map(sourceOf);
    if (sources.length > 0) {
      const times = sources.map(({ time }) => time);
      this.#addBlock.run(
        account,
        first,
        last,
        Math.min(...times),
        Math.max(...times),
        messagesText(sources.map(({ number }) => number)),
        termsOf(sources),
      );
    }
    this.#takeWaiting.run(account, last);
    this.#waiting.delete(account);
    if (!this.#fills(this.#waitingOf(account))) this.#full.delete(account);
  }
}

/** Number of messages that fill a block: at least one. */
function lengthOfBlock(lengths: readonly number[]): number {
  let sum = 0;
  const full = lengths.findIndex((length) => (sum += length) >= BLOCK_CONTENT);
  return full < 0 ? lengths.length : full + 1;
}

function sourceOf(row: ReturnType<StatementSync["all"]>[number]): Source {
  return {
    number: Number(row["number"]),
    time: Number(row["time"]),
    content: textOf(String(row["content"])),
  };
}

function termsOf(sources: readonly Source[]): string {
  return termBlock(sources.map(({ content }) => content));
}
