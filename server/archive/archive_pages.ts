/**
 * Pages of conversations, and messages by their ids.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { utf8Bytes } from "../../common/wire/bytes.ts";
import { comparePlaces } from "../core/messages/message.ts";
import type { Slices } from "../core/slices.ts";
import type {
  ArchivedMessage,
  ArchivePage,
  IdQuery,
  MessagePlace,
  NamedPlace,
  PageQuery,
} from "../core/messages/archived.ts";
import {
  ACCOUNT_TABLES,
  archivedMessage,
  compareArchived,
  MESSAGE_COLUMNS,
  MESSAGE_TABLES,
  timeOfRow,
} from "./archived_row.ts";
import { type ArrayRow, ArrayStatement } from "./array_statement.ts";
import { keyBehind } from "./key_order.ts";
import { storedId, storedText } from "./stored_text.ts";

/** Most messages of a page. */
const LIMIT_MAX = 1_000;

/** Most ids that are looked up at once. */
const IDS_MAX = 4_096;

/** Rows that are looked at before others have their turn. */
const SLICE_ROWS = 256;

/** Rows that are read beyond the messages of a page at first: a few are deleted, and one more shows that there are more. */
const SPARE_ROWS = 8;

/** Work, units of `core/slices.ts`: of a page beside its rows, of a row, and of a look-up. */
const PAGE_WORK = 300;
const ROW_WORK = 20;
const LOOK_UP_WORK = 100;

function isNamed(place: PageQuery["place"]): place is NamedPlace {
  return place !== undefined && !("time" in place);
}

/** The conversation of a page. */
interface Scope {
  readonly conversation: number;
  /** Account ids in the form that is stored. */
  readonly first: string;
  readonly second: string;
}

/** Pages and look-ups of one connection. */
export class ArchivePages {
  readonly #account: StatementSync;
  readonly #conversation: StatementSync;
  readonly #at: ArrayStatement;
  readonly #rows: Readonly<Record<PageQuery["side"], ArrayStatement>>;
  readonly #withId: ArrayStatement;
  readonly #hasId: StatementSync;

  constructor(db: DatabaseSync) {
    this.#account = db.prepare("SELECT number FROM accounts WHERE id = ? AND deletion = 0");
    this.#conversation = db.prepare("SELECT number FROM conversations WHERE first = ? AND second = ?");
    const rows = `
      SELECT ${MESSAGE_COLUMNS}, ?1 AS first, ?2 AS second FROM ${MESSAGE_TABLES} WHERE m.conversation = ?3 AND m.time`;
    this.#at = new ArrayStatement(db, `${rows} = ?4`);
    this.#rows = {
      before: new ArrayStatement(db, `${rows} < ?4 ORDER BY m.time DESC LIMIT ?5`),
      after: new ArrayStatement(db, `${rows} > ?4 ORDER BY m.time LIMIT ?5`),
    };
    this.#hasId = db.prepare("SELECT 1 FROM messages WHERE id = ? LIMIT 1");
    this.#withId = new ArrayStatement(
      db,
      `
      SELECT ${MESSAGE_COLUMNS}, f.id AS first, s.id AS second FROM ${MESSAGE_TABLES} ${ACCOUNT_TABLES}
      WHERE m.id = ? AND f.deletion = 0 AND s.deletion = 0`,
    );
  }

  /**
   * A page. It gives way after some rows: an account may have hidden many.
   *
   * @throws RangeError if the limit is not within 1 and 1,000
   */
  *page(query: PageQuery): Slices<ArchivePage> {
    const { limit, place, side } = query;
    if (!(limit >= 1 && limit <= LIMIT_MAX)) {
      throw new RangeError(`a page has 1 to ${LIMIT_MAX} messages, not ${limit}`);
    }
    const scope = this.#scopeOf(query);
    if (scope === undefined) return { messages: [], more: false };
    const mark = isNamed(place) ? this.#between(query, place.id) : undefined;
    const from = isNamed(place) ? mark : place;
    if (place !== undefined && from === undefined) return { messages: [], more: false };
    const page = new Page(query, from);
    // Nearly always, the place is a message, and stands alone at its time.
    if (from !== undefined) page.add(this.#rowsAt(scope, from.time));
    let time: number | undefined = from?.time ?? (side === "before" ? Number.MAX_SAFE_INTEGER : -1);
    const step = side === "before" ? -1 : 1;
    let count = Math.min(limit + SPARE_ROWS, SLICE_ROWS);
    while (!page.isFull && time !== undefined) {
      const next = this.#take(page, scope, time, count);
      yield PAGE_WORK + page.takeWork() * ROW_WORK;
      time = next === undefined ? undefined : step * keyBehind(step * time, step * next);
      count = SLICE_ROWS;
    }
    return { ...page.answer(), ...mark && { mark } };
  }

  /** The message with an id between the two accounts of a page, first in the order of people. */
  #between({ account, other }: PageQuery, id: string): ArchivedMessage | undefined {
    const [first] = this.#withId.all(storedId(id)).map(archivedMessage)
      .filter(({ sender, recipient }) =>
        sender === account && recipient === other || sender === other && recipient === account
      )
      .sort(compareArchived);
    return first;
  }

  /** Adds so many rows beyond a time, while there is room; returns the time of the last, if there may be others. */
  #take(page: Page, scope: Scope, beyond: number, count: number): number | undefined {
    const { first, second, conversation } = scope;
    const rows = this.#rows[page.side].all(first, second, conversation, beyond, count);
    for (let start = 0, end = 0; start < rows.length; start = end) {
      const time = timeOfRow(rows[start]);
      while (end < rows.length && timeOfRow(rows[end]) === time) end++;
      // Of the last time, there may be rows that were not read.
      const isCut = end === count;
      page.add(isCut ? this.#rowsAt(scope, time) : rows.slice(start, end));
      if (isCut || page.isFull) return time;
    }
    return undefined;
  }

  /**
   * The messages with these ids, of all accounts that are not deleted.
   *
   * @throws RangeError if there are more than 4,096
   */
  *withIds({ ids }: IdQuery): Slices<ArchivePage> {
    if (ids.length > IDS_MAX) throw new RangeError(`${ids.length} ids; at most ${IDS_MAX} are looked up`);
    const messages: ArchivedMessage[] = [];
    for (const id of ids) {
      messages.push(...this.#withId.all(storedId(id)).map(archivedMessage));
      yield LOOK_UP_WORK;
    }
    return { messages: messages.sort(compareArchived), more: false };
  }

  /** True if any message has this id: the quickest look-up. */
  hasId(id: string): boolean {
    return this.#hasId.get(storedId(id)) !== undefined;
  }

  #scopeOf({ account: id, other: otherId }: PageQuery): Scope | undefined {
    const [account, other] = [this.#numberOf(id), this.#numberOf(otherId)];
    if (account === undefined || other === undefined) return undefined;
    const isFirst = account <= other;
    const conversation = this.#conversation.get(Math.min(account, other), Math.max(account, other))
      ?.["number"];
    if (conversation === undefined) return undefined;
    return {
      conversation: Number(conversation),
      first: storedText(isFirst ? id : otherId),
      second: storedText(isFirst ? otherId : id),
    };
  }

  #numberOf(account: string): number | undefined {
    const number = this.#account.get(storedText(account))?.["number"];
    return number === undefined ? undefined : Number(number);
  }

  #rowsAt({ first, second, conversation }: Scope, time: number): ArrayRow[] {
    return this.#at.all(first, second, conversation, time);
  }
}

/** A page that is being filled. */
class Page {
  readonly #query: PageQuery;
  readonly #place: MessagePlace | undefined;
  readonly #messages: ArchivedMessage[] = [];
  #bytes = 0;
  /** Rows that were looked at since `takeWork`. */
  #rows = 0;
  /** True once a message was left out. */
  isFull = false;

  /** @param place where it begins */
  constructor(query: PageQuery, place: MessagePlace | undefined) {
    this.#query = query;
    this.#place = place;
  }

  get side(): PageQuery["side"] {
    return this.#query.side;
  }

  /** Adds what is visible of the rows with one time, in order. */
  add(rows: readonly ArrayRow[]): void {
    this.#rows += rows.length;
    const place = this.#place;
    const step = this.side === "before" ? -1 : 1;
    const messages = rows.map(archivedMessage).filter((message) => this.#isVisible(message))
      .filter((message) => place === undefined || step * comparePlaces(message, place) > 0);
    if (messages.length > 1) messages.sort((a, b) => step * compareArchived(a, b));
    for (const message of messages) this.#addMessage(message);
  }

  #isVisible({ sender, recipient, marks }: ArchivedMessage): boolean {
    if (marks.deleted) return false;
    return !marks.hidden || sender === recipient || sender === this.#query.account;
  }

  #addMessage(message: ArchivedMessage): void {
    const { limit, bytes } = this.#query;
    const contentBytes = utf8Bytes(message.content);
    const count = this.#messages.length;
    this.isFull ||= count === limit || count > 0 && this.#bytes + contentBytes > bytes;
    if (this.isFull) return;
    this.#messages.push(message);
    this.#bytes += contentBytes;
  }

  /** Number of rows that were looked at since the last call. */
  takeWork(): number {
    const rows = this.#rows;
    this.#rows = 0;
    return rows;
  }

  answer(): ArchivePage {
    return { messages: this.#messages, more: this.isFull };
  }
}
