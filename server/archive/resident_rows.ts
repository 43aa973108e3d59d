/**
 * The rows of the archive that a start loads: accounts, tokens and invitations, conversations without their messages, messages that are
 * not settled, and marks on messages that have not arrived. `resident_load.ts` makes the state of them.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { wallMicroseconds } from "../core/stamp.ts";
import { ACCOUNT_TABLES, MESSAGE_COLUMNS, MESSAGE_TABLES } from "./archived_row.ts";
import { type ArrayRow, ArrayStatement } from "./array_statement.ts";
import { keyBehind } from "./key_order.ts";
import { type Counters, type OriginRow, readCounters, readOrigins } from "./place_table.ts";

/** Rows of a batch: it takes some milliseconds. */
const BATCH_ROWS = 1_024;

/** Rows of a batch with contents, of which each may be long: memory may be nearly full. */
const CONTENT_ROWS = 64;

/** Conversations of a batch that are looked up in an index one by one: a disk may have to seek for each. */
const LOOKED_UP_ROWS = 64;

/** A row with names. */
export type NamedRow = ReturnType<StatementSync["all"]>[number];

/** Rows of one table, which may be sent to another thread. The batches come in the order of their tables here. */
export type ResidentBatch =
  | { readonly table: "place"; readonly counters: Counters; readonly origins: readonly OriginRow[] }
  | { readonly table: NamedTable; readonly rows: readonly NamedRow[] }
  | { readonly table: "conversations"; readonly rows: readonly ConversationRow[] }
  | { readonly table: MessageRows; readonly rows: readonly ArrayRow[] };

/** Tables whose rows have names. */
export type NamedTable =
  | "accounts"
  | "tokens"
  | "token_uses"
  | "revoked_tokens"
  | "invitations"
  | "early_marks";

/** Messages in rows without names. */
type MessageRows = "unsettled" | "unerased";

/** A conversation: its number, those of its accounts, and the time up to which the archive has its messages. */
export type ConversationRow = readonly [number: number, first: number, second: number, archivedUntil: number];

/** All batches, in order. */
export type ResidentBatches = Generator<ResidentBatch, void>;

/**
 * Reads everything that a start loads, by a connection that reads while nobody writes.
 *
 * @param wallMs wall clock of this node, milliseconds since the Unix epoch
 */
export function* residentRows(db: DatabaseSync, wallMs: number): ResidentBatches {
  const counters = readCounters(db);
  yield { table: "place", counters, origins: [...readOrigins(db)] };
  yield* named(db, "accounts", ACCOUNTS);
  yield* named(db, "tokens", TOKENS);
  yield* named(db, "token_uses", TOKEN_USES);
  yield* named(db, "revoked_tokens", REVOKED_TOKENS);
  yield* named(db, "invitations", INVITATIONS);
  yield* conversations(db, counters.newest, wallMicroseconds(wallMs));
  yield* messages(db, "unsettled", UNSETTLED);
  yield* messages(db, "unerased", UNERASED);
  yield* earlyMarks(db);
}

/** Reads all rows, many at a time: one by one takes three times as long. */
function* named(db: DatabaseSync, table: NamedTable, { sql, first }: Paged): ResidentBatches {
  const statement = db.prepare(sql);
  for (let key = first;;) {
    const rows: readonly NamedRow[] = statement.all(key);
    yield { table, rows };
    const last = rows.at(-1);
    if (last === undefined) return;
    key = keyBehind(key, last["key"] as string | number);
  }
}

/** The same for messages, of which there may be very many; their number is the last column. */
function* messages(db: DatabaseSync, table: MessageRows, sql: string): ResidentBatches {
  const statement = new ArrayStatement(db, sql);
  for (let number = -1;;) {
    const rows = statement.all(number);
    yield { table, rows };
    const last = rows.at(-1);
    if (last === undefined) return;
    number = keyBehind(number, Number(last.at(-1)));
  }
}

/** Many rows come as one text of numbers: a row of its own for each takes five times as long. */
function* conversations(db: DatabaseSync, newest: number, now: number): ResidentBatches {
  const archivedUntil = archivedUntilOf(db, newest, now);
  const atOnce = newest <= now ? BATCH_ROWS : LOOKED_UP_ROWS;
  const statement = db.prepare(CONVERSATIONS);
  for (let last = -1;;) {
    const numbers: readonly number[] = JSON.parse(`[${statement.get(last, atOnce)?.["numbers"] ?? ""}]`);
    const rows: ConversationRow[] = [];
    for (let i = 0; i < numbers.length; i += 3) {
      const [key = 0, first = 0, second = 0] = numbers.slice(i, i + 3);
      rows.push([key, first, second, archivedUntil(key)]);
    }
    yield { table: "conversations", rows };
    const key = numbers.at(-3);
    if (key === undefined) return;
    last = keyBehind(last, key);
  }
}

/**
 * Times up to which the archive has the messages of a conversation, by its number. One time does for all, unless a
 * clock was ahead once: new messages have later times than those of their own conversation only.
 */
function archivedUntilOf(db: DatabaseSync, newest: number, now: number): (conversation: number) => number {
  if (newest <= now) return () => newest;
  const newestOf = db.prepare(NEWEST_OF);
  return (conversation) => Math.max(now, Number(newestOf.get(conversation)?.["newest"]));
}

/** There are few, and they have no short key. */
function* earlyMarks(db: DatabaseSync): ResidentBatches {
  let rows: NamedRow[] = [];
  for (const row of db.prepare("SELECT * FROM early_marks").iterate()) {
    rows.push(row);
    if (rows.length < CONTENT_ROWS) continue;
    yield { table: "early_marks", rows };
    rows = [];
  }
  if (rows.length > 0) yield { table: "early_marks", rows };
}

/** All rows of a table, a batch at a time: those whose column `key` comes after the parameter. */
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
    WHERE a.number > ? ORDER BY a.number LIMIT ${BATCH_ROWS}`,
};

const TOKENS: Paged = byHash("tokens", "hash, account, issued, password, stamp, crc");
const TOKEN_USES: Paged = byHash("token_uses", "stamp");
const REVOKED_TOKENS: Paged = byHash("revoked_tokens", "issued");
const INVITATIONS: Paged = byHash("invitations", "facts, crc");

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
    sql: `SELECT hash AS key, ${columns} FROM ${table} WHERE hash > ? ORDER BY hash LIMIT ${BATCH_ROWS}`,
  };
}
