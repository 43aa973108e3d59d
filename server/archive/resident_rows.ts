/**
 * The part of the archive that a node has in memory: accounts and tokens, conversations without their messages, messages
 * that are not settled, and marks on messages that have not arrived.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Account } from "../core/accounts/account.ts";
import { loadAccount, showLoadedNames } from "../core/accounts/account_record.ts";
import { earlyMarkKey } from "../core/messages/early_mark.ts";
import type { Conversation } from "../core/messages/conversation.ts";
import { loadConversation, loadUnread } from "../core/messages/loaded_message.ts";
import { PROGRESS, type Progress } from "../core/messages/message.ts";
import { bringBack } from "../core/messages/returning.ts";
import type { Slices } from "../core/slices.ts";
import { wallMicroseconds } from "../core/stamp.ts";
import type { State } from "../core/state.ts";
import { ACCOUNT_TABLES, archivedMessage, MESSAGE_COLUMNS, MESSAGE_TABLES } from "./archived_row.ts";
import { addressesOf, daysOf, recordOf } from "./account_rows.ts";
import { ArchiveUnusable } from "./archive_unusable.ts";
import { type ArrayRow, ArrayStatement } from "./array_statement.ts";
import { checkedMarks } from "./early_mark_table.ts";
import { readCounters, readOrigins } from "./place_table.ts";
import { keyBehind } from "./key_order.ts";
import { checkMessage } from "./message_checksum.ts";
import { idOf, textOf } from "./stored_text.ts";
import { loadRevoked, loadToken } from "./token_rows.ts";

/** Rows of a slice: it takes some milliseconds. */
const SLICE_ROWS = 1_024;

/** Rows of a slice with contents, of which each may be long: memory may be nearly full. */
const CONTENT_ROWS = 64;

/** Conversations of a slice that are looked up in an index one by one: a disk may have to seek for each. */
const LOOKED_UP_ROWS = 64;

type Row = ReturnType<StatementSync["all"]>[number];

/** A load of the resident part, by a connection that reads while nobody writes. */
export class ResidentRows {
  readonly #db: DatabaseSync;
  readonly #state: State;
  /** The accounts, the conversations and the origins by their numbers; of a deleted account, no conversation. */
  readonly #accounts = new Map<number, Account>();
  readonly #conversations = new Map<number, Conversation | undefined>();
  readonly #origins = new Map<number, string>();

  /** @param state an empty one, which is filled */
  constructor(db: DatabaseSync, state: State) {
    this.#db = db;
    this.#state = state;
  }

  /**
   * Loads everything. The slices say how many rows were read.
   *
   * @param wallMs wall clock of this node, milliseconds since the Unix epoch
   */
  *load(wallMs: number): Slices<void> {
    const { position, messages, newest, latestDeletion } = readCounters(this.#db);
    this.#loadVersion(position, latestDeletion);
    this.#state.storedMessages = messages;
    yield* this.#each(ACCOUNTS, (row) => this.#account(row));
    showLoadedNames(this.#state);
    yield* this.#each(TOKENS, (row) => loadToken(this.#state, this.#numbered(row["account"]), row));
    yield* this.#each(TOKEN_USES, ({ key, stamp }) => {
      this.#state.tokenUses.set(textOf(String(key)), Number(stamp));
    });
    yield* this.#each(REVOKED_TOKENS, ({ key, early }) => {
      loadRevoked(this.#state, textOf(String(key)), early === 1);
    });
    yield* this.#loadConversations(newest, wallMicroseconds(wallMs));
    yield* this.#eachMessage(UNSETTLED, (row) => this.#unsettled(row));
    yield* this.#eachMessage(UNERASED, (row) => this.#unerased(row));
    yield* this.#earlyMarks();
  }

  #loadVersion(position: number, latestDeletion: number): void {
    this.#state.position = position;
    this.#state.evicted.lackIds();
    for (const { number, origin, reached } of readOrigins(this.#db)) {
      this.#origins.set(number, origin);
      this.#state.version.set(origin, reached);
      this.#state.stamp = Math.max(this.#state.stamp, reached.stamp);
    }
    this.#state.latestDeletion = latestDeletion;
  }

  #account(row: Row): void {
    const account = this.#state.account(textOf(String(row["id"])));
    loadAccount(account, recordOf(row));
    account.knownAddresses = addressesOf(JSON.parse(String(row["addresses"])));
    for (const { day, bytes } of daysOf(row["days"])) account.stored.add(day, bytes);
    this.#accounts.set(Number(row["key"]), account);
  }

  /**
   * Times up to which the archive has the messages of a conversation, by its number. One time does for all, unless a
   * clock was ahead once: new messages have later times than those of their own conversation only.
   */
  #archivedUntil(newest: number, now: number): (conversation: number) => number {
    if (newest <= now) return () => newest;
    const newestOf = this.#db.prepare(NEWEST_OF);
    return (conversation) => Math.max(now, Number(newestOf.get(conversation)?.["newest"]));
  }

  /** Many rows come as one text of numbers: a row of its own for each takes five times as long. */
  *#loadConversations(newest: number, now: number): Slices<void> {
    const archivedUntil = this.#archivedUntil(newest, now);
    const rows = newest <= now ? SLICE_ROWS : LOOKED_UP_ROWS;
    const statement = this.#db.prepare(CONVERSATIONS);
    for (let last = -1;;) {
      const numbers: readonly number[] = JSON.parse(`[${statement.get(last, rows)?.["numbers"] ?? ""}]`);
      for (let i = 0; i < numbers.length; i += 3) {
        const [key = 0, first, second] = numbers.slice(i, i + 3);
        this.#conversation(key, this.#numbered(first), this.#numbered(second), archivedUntil(key));
      }
      yield numbers.length / 3;
      const key = numbers.at(-3);
      if (key === undefined) return;
      last = keyBehind(last, key);
    }
  }

  #conversation(number: number, first: Account, second: Account, archivedUntil: number): void {
    // What is left of a deleted account is still to be erased.
    const isGone = first.deleted !== undefined || second.deleted !== undefined;
    this.#conversations.set(
      number,
      isGone ? undefined : loadConversation(first, second, archivedUntil),
    );
  }

  #unsettled([id, number, side, time, origin, marked, crc, content, key]: ArrayRow): void {
    const conversation = this.#conversationOf(Number(number));
    if (conversation === undefined) return;
    const { first, second } = conversation;
    const isFromFirst = side === 0;
    const progress = Number(marked) as Progress;
    const message = {
      id: idOf(id instanceof Uint8Array ? id : String(id)),
      sender: isFromFirst ? first.id : second.id,
      recipient: isFromFirst ? second.id : first.id,
      isFromFirst,
      time: Number(time),
      origin: this.#originOf(Number(origin)),
      content: textOf(String(content)),
      progress,
      marks: { progress, hidden: false, deleted: false },
    };
    checkMessage(message, crc);
    // A damaged index leads to any row.
    if (progress === PROGRESS.read) {
      throw new ArchiveUnusable(`message ${key} is read, and taken for unread`);
    }
    loadUnread(this.#state, conversation, message);
  }

  #unerased(row: ArrayRow): void {
    const message = archivedMessage(row);
    if (!message.marks.deleted) {
      throw new ArchiveUnusable(`message ${row.at(-1)} is unerased, and not deleted`);
    }
    bringBack(this.#state, [message]);
  }

  /** The conversation with a number; `undefined` if it is of a deleted account. */
  #conversationOf(number: number): Conversation | undefined {
    if (!this.#conversations.has(number)) throw new ArchiveUnusable(`no conversation has number ${number}`);
    return this.#conversations.get(number);
  }

  #originOf(number: number): string {
    const origin = this.#origins.get(number);
    if (origin === undefined) throw new ArchiveUnusable(`no origin has number ${number}`);
    return origin;
  }

  #earlyMark(row: Row): void {
    const [sender, recipient] = [this.#numbered(row["sender"]), this.#numbered(row["recipient"])];
    if (sender.deleted !== undefined || recipient.deleted !== undefined) return;
    const id = row["id"];
    const key = earlyMarkKey(sender.id, recipient.id, idOf(id instanceof Uint8Array ? id : String(id)));
    this.#state.earlyMarks.set(key, checkedMarks(row));
  }

  #numbered(number: Row[string] | undefined): Account {
    const account = this.#accounts.get(Number(number));
    if (account === undefined) throw new ArchiveUnusable(`no account has number ${number}`);
    return account;
  }

  /** There are few, and they have no short key. */
  *#earlyMarks(): Slices<void> {
    for (const row of this.#db.prepare("SELECT * FROM early_marks").iterate()) {
      this.#earlyMark(row);
      yield 1;
    }
  }

  /** Hands out all rows, many at a time: one by one takes three times as long. */
  *#each({ sql, first }: Paged, take: (row: Row) => void): Slices<void> {
    const statement = this.#db.prepare(sql);
    for (let key = first;;) {
      const rows: readonly Row[] = statement.all(key);
      rows.forEach(take);
      yield rows.length;
      const last = rows.at(-1);
      if (last === undefined) return;
      key = keyBehind(key, last["key"] as string | number);
    }
  }

  /** The same for messages, of which there may be very many; their number is the last column. */
  *#eachMessage(sql: string, take: (row: ArrayRow) => void): Slices<void> {
    const statement = new ArrayStatement(this.#db, sql);
    for (let number = -1;;) {
      const rows = statement.all(number);
      rows.forEach(take);
      yield rows.length;
      const last = rows.at(-1);
      if (last === undefined) return;
      number = keyBehind(number, Number(last.at(-1)));
    }
  }
}

/** All rows of a table, a slice at a time: those whose column `key` comes after the parameter. */
interface Paged {
  readonly sql: string;
  /** Comes before all keys. */
  readonly first: string | number;
}

const ACCOUNTS: Paged = {
  first: -1,
  sql: `
    SELECT a.number AS key, a.id, f.facts, f.crc, d.days, (
      SELECT json_group_array(json_array(digits, stamp, at)) FROM known_addresses WHERE account = a.number
    ) AS addresses
    FROM accounts a LEFT JOIN account_facts f ON f.account = a.number LEFT JOIN stored_days d ON d.account = a.number
    WHERE a.number > ? ORDER BY a.number LIMIT ${SLICE_ROWS}`,
};

const TOKENS: Paged = byHash("tokens", "hash, account, issued, password, stamp, crc");
const TOKEN_USES: Paged = byHash("token_uses", "stamp");
const REVOKED_TOKENS: Paged = byHash("revoked_tokens", "early");

/** The numbers of conversations and of their accounts, as a list for JSON without its brackets. */
const CONVERSATIONS = `
  SELECT group_concat(number || ',' || first || ',' || second) AS numbers
  FROM (SELECT number, first, second FROM conversations WHERE number > ? ORDER BY number LIMIT ?)`;

/** The index has it as the last of a conversation. */
const NEWEST_OF = "SELECT max(time) AS newest FROM messages WHERE conversation = ?";

/** In the order in which they were folded, which is nearly always their order. */
const UNSETTLED = `
  SELECT id, conversation, side, time, origin, progress, crc, content, number FROM messages
  WHERE progress < 2 AND hidden = 0 AND deleted = 0 AND number > ? ORDER BY number LIMIT ${CONTENT_ROWS}`;

/** Tombstones whose content is still in the log: it is to be erased. */
const UNERASED = `
  SELECT ${MESSAGE_COLUMNS}, f.id AS first, s.id AS second, u.message
  FROM unerased u CROSS JOIN ${MESSAGE_TABLES} ${ACCOUNT_TABLES}
  WHERE u.message > ? AND m.number = u.message ORDER BY u.message LIMIT ${CONTENT_ROWS}`;

function byHash(table: string, columns: string): Paged {
  return {
    first: "",
    sql: `SELECT hash AS key, ${columns} FROM ${table} WHERE hash > ? ORDER BY hash LIMIT ${SLICE_ROWS}`,
  };
}
