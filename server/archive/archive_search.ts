/**
 * The search: first the newest messages of the account, which are in no block, then its blocks, those with the newest
 * messages first.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { comparePlaces } from "../core/messages/message.ts";
import { matchesInBlock, matchesTerms } from "../core/search/term_block.ts";
import type { Slices } from "../core/slices.ts";
import type { ArchivedMessage, ArchivePage, MessagePlace, SearchQuery } from "../core/messages/archived.ts";
import { ACCOUNT_TABLES, archivedMessage, MESSAGE_COLUMNS, MESSAGE_TABLES } from "./archived_row.ts";
import { ArrayStatement } from "./array_statement.ts";
import { messageNumbers } from "./block_messages.ts";
import { idOf, storedText, textOf } from "./stored_text.ts";

/** Most messages that a search finds at once. */
const LIMIT_MAX = 100;

/** Work of a step, units of `core/slices.ts`: of a search, of a block, and of a message that is read. */
const SEARCH_WORK = 500;
const BLOCK_WORK = 300;
const MESSAGE_WORK = 30;

/** The account that searches, and the bounds of what it sees. */
interface Scope {
  readonly account: number;
  /** Number of the conversation; `undefined` for all. */
  readonly conversation: number | undefined;
  readonly query: SearchQuery;
}

/**
 * Columns of a message that the asker sees. One of a deleted account is gone although its rows are here yet. A cross
 * join keeps the order of the tables: SQLite knows nothing of their sizes.
 */
const VISIBLE = `
  m.number, m.id, m.time, m.side, o.origin, f.id AS first, s.id AS second
  FROM %SOURCE% CROSS JOIN messages m ON m.number = %NUMBER%
  CROSS JOIN conversations c ON c.number = m.conversation
  CROSS JOIN accounts f ON f.number = c.first CROSS JOIN accounts s ON s.number = c.second
  CROSS JOIN origins o ON o.number = m.origin
  WHERE m.deleted = 0 AND f.deletion = 0 AND s.deletion = 0
  AND ?1 IN (c.first, c.second)
  AND (m.hidden = 0 OR c.first = c.second OR CASE m.side WHEN 0 THEN c.first ELSE c.second END = ?1)
  AND (?2 IS NULL OR m.conversation = ?2) AND m.time <= ?3`;

function visible(source: string, number: string): string {
  return VISIBLE.replace("%SOURCE%", source).replace("%NUMBER%", number);
}

/** Searches of one connection. */
export class ArchiveSearch {
  readonly #account: StatementSync;
  readonly #conversation: StatementSync;
  readonly #waiting: StatementSync;
  readonly #contents: StatementSync;
  readonly #blocks: StatementSync;
  readonly #block: StatementSync;
  readonly #messages: StatementSync;
  readonly #message: ArrayStatement;

  constructor(db: DatabaseSync) {
    this.#account = db.prepare("SELECT number FROM accounts WHERE id = ? AND deletion = 0");
    this.#conversation = db.prepare(
      "SELECT number FROM conversations WHERE first = min(?1, ?2) AND second = max(?1, ?2)",
    );
    this.#waiting = db.prepare("SELECT messages FROM unindexed WHERE account = ?");
    this.#contents = db.prepare(`SELECT m.content, ${visible("json_each(?4) j", "j.value")}`);
    this.#blocks = db.prepare(`
      SELECT number, newest FROM blocks WHERE account = ? AND oldest <= ? ORDER BY newest DESC`);
    this.#block = db.prepare("SELECT messages, terms FROM blocks WHERE number = ?");
    this.#messages = db.prepare(`SELECT ${visible("json_each(?4) j", "j.value")}`);
    this.#message = new ArrayStatement(
      db,
      `
      SELECT ${MESSAGE_COLUMNS}, f.id AS first, s.id AS second FROM ${MESSAGE_TABLES} ${ACCOUNT_TABLES}
      WHERE m.number = ? AND m.deleted = 0`,
    );
  }

  /**
   * Searches, and gives way after each block. Blocks are made meanwhile, but what was there at the beginning and is
   * there at the end is found.
   */
  *slices(query: SearchQuery): Slices<ArchivePage> {
    const { limit } = query;
    if (!(limit >= 1 && limit <= LIMIT_MAX)) {
      throw new RangeError(`a search finds 1 to ${LIMIT_MAX} messages, not ${limit}`);
    }
    const scope = this.#scopeOf(query);
    if (scope === undefined) return { messages: [], more: false };
    const found = new FoundMessages(query);
    const { account, query: { before } } = scope;
    const latest = before?.time ?? Number.MAX_SAFE_INTEGER;
    found.add(this.#matchesWaiting(scope, latest));
    yield SEARCH_WORK;
    for (const { number, newest } of this.#blocks.all(account, latest)) {
      if (found.isCompleteBefore(Number(newest))) break;
      const rows = this.#matchesIn(scope, Number(number), latest);
      found.add(rows);
      yield BLOCK_WORK + rows.length * MESSAGE_WORK;
    }
    return { messages: found.numbers.flatMap((number) => this.#read(number)), more: found.more };
  }

  /** The message with this number, unless it was deleted meanwhile. */
  #read(number: number): ArchivedMessage[] {
    const row = this.#message.get(number);
    return row === undefined ? [] : [archivedMessage(row)];
  }

  #scopeOf(query: SearchQuery): Scope | undefined {
    const account = this.#numberOf(query.account);
    if (account === undefined) return undefined;
    if (query.other === undefined) return { account, conversation: undefined, query };
    const other = this.#numberOf(query.other);
    const conversation = other === undefined ? undefined : this.#conversation.get(account, other)?.["number"];
    return conversation === undefined ? undefined : { account, conversation: Number(conversation), query };
  }

  #numberOf(account: string): number | undefined {
    const number = this.#account.get(storedText(account))?.["number"];
    return number === undefined ? undefined : Number(number);
  }

  #matchesWaiting({ account, conversation, query }: Scope, latest: number): Row[] {
    const numbers = this.#waiting.all(account).flatMap(({ messages }) => messageNumbers(String(messages)));
    if (numbers.length === 0) return [];
    return this.#contents.all(account, conversation ?? null, latest, JSON.stringify(numbers))
      .filter(({ content }) => matchesTerms(textOf(String(content)), query.terms));
  }

  #matchesIn({ account, conversation, query }: Scope, number: number, latest: number): Row[] {
    const block = this.#block.get(number);
    if (block === undefined) return [];
    const matches = matchesInBlock(String(block["terms"]), query.terms);
    if (matches.length === 0) return [];
    const numbers = messageNumbers(String(block["messages"]));
    const matching = JSON.stringify(matches.map((i) => numbers[i]));
    return this.#messages.all(account, conversation ?? null, latest, matching);
  }
}

type Row = ReturnType<StatementSync["all"]>[number];

/** A match: the number of a message, and its place. */
interface Match extends MessagePlace {
  readonly number: number;
}

/** The newest messages that were found so far. */
class FoundMessages {
  readonly #query: SearchQuery;
  /** By number: a message may be found twice, in a block that was made meanwhile. */
  readonly #seen = new Set<unknown>();
  #matches: Match[] = [];

  constructor(query: SearchQuery) {
    this.#query = query;
  }

  add(rows: readonly Row[]): void {
    const { before, limit } = this.#query;
    const matches = rows.filter(({ number }) => !this.#seen.has(number)).map(matchOf)
      .filter((match) => before === undefined || comparePlaces(match, before) < 0);
    for (const { number } of rows) this.#seen.add(number);
    // One more than the page shows that there are more.
    this.#matches = [...this.#matches, ...matches].sort((a, b) => comparePlaces(b, a)).slice(0, limit + 1);
  }

  /** True if the page is full of messages that are newer than all of this time. */
  isCompleteBefore(time: number): boolean {
    const last = this.#matches[this.#query.limit];
    return last !== undefined && last.time > time;
  }

  /** Numbers of the messages of the page, the newest first. */
  get numbers(): readonly number[] {
    return this.#matches.slice(0, this.#query.limit).map(({ number }) => number);
  }

  /** True if there are others behind them. */
  get more(): boolean {
    return this.#matches.length > this.#query.limit;
  }
}

function matchOf(row: Row): Match {
  const { number, time, origin, id } = row;
  return {
    number: Number(number),
    time: Number(time),
    origin: textOf(String(origin)),
    id: idOf(id instanceof Uint8Array ? id : String(id)),
    sender: textOf(String(row["side"] === 0 ? row["first"] : row["second"])),
  };
}
