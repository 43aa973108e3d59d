/**
 * The check of an archive that nobody asks: damage that hides a message, in an index or in a block of terms, is not met
 * by those who read, as they do not know of what they do not find. It runs beside a writer.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { recordOf } from "./account_rows.ts";
import { ArchiveUnusable } from "./archive_unusable.ts";
import { archivedMessage, MESSAGE_COLUMNS } from "./archived_row.ts";
import { type ArrayRow, ArrayStatement } from "./array_statement.ts";
import { blockChecksum, blockOf } from "./block_messages.ts";
import { checkedMarks } from "./early_mark_table.ts";
import { keyBehind } from "./key_order.ts";
import { TermsOfAccounts } from "./terms_of_accounts.ts";

/** Rows of a slice: each takes a few milliseconds. */
const MESSAGE_ROWS = 128;
const INDEX_ROWS = 512;
const BLOCK_ROWS = 8;
const SMALL_ROWS = 512;

/**
 * Tables that are small beside those of messages and of terms: SQLite checks each in one go, with its indexes, in some
 * tenths of a second where there are 100,000 conversations.
 */
const SMALL_TABLES = [
  "place",
  "segments",
  "origins",
  "accounts",
  "account_facts",
  "conversations",
  "invitations",
  "early_marks",
  "unerased",
  "stale_blocks",
];

/** One row, to be found in all indexes. A cross join would leave out rows whose neighbours are missing. */
const MESSAGES = `
  SELECT ${MESSAGE_COLUMNS}, f.id, s.id, c.first, c.second, f.deletion = 0 AND s.deletion = 0,
    EXISTS (SELECT 1 FROM messages x INDEXED BY messages_by_id
      WHERE x.id = m.id AND x.conversation = m.conversation AND x.side = m.side AND x.number = m.number),
    EXISTS (SELECT 1 FROM messages x INDEXED BY messages_by_time
      WHERE x.conversation = m.conversation AND x.time = m.time AND x.number = m.number),
    m.progress >= 2 OR m.hidden = 1 OR m.deleted = 1 OR
      EXISTS (SELECT 1 FROM messages x INDEXED BY messages_unsettled
        WHERE x.progress < 2 AND x.hidden = 0 AND x.deleted = 0 AND x.number = m.number),
    m.number
  FROM messages m NOT INDEXED LEFT JOIN origins o ON o.number = m.origin
    LEFT JOIN fingerprints p ON p.message = m.number LEFT JOIN conversations c ON c.number = m.conversation
    LEFT JOIN accounts f ON f.number = c.first LEFT JOIN accounts s ON s.number = c.second
  WHERE m.number > ? ORDER BY m.number LIMIT ${MESSAGE_ROWS}`;

/** `hidden` in these rows; `deleted` follows it. */
const HIDDEN_COLUMN = 5;

const BLOCKS = `
  SELECT b.*,
    EXISTS (SELECT 1 FROM blocks x INDEXED BY blocks_by_message
      WHERE x.account = b.account AND x.first = b.first AND x.last = b.last AND x.number = b.number) AS byMessage,
    EXISTS (SELECT 1 FROM blocks x INDEXED BY blocks_by_time
      WHERE x.account = b.account AND x.newest = b.newest AND x.oldest = b.oldest AND x.number = b.number) AS byTime
  FROM blocks b NOT INDEXED WHERE b.number > ? ORDER BY b.number LIMIT ${BLOCK_ROWS}`;

const ACCOUNTS = `
  SELECT a.number, a.id, a.deletion, f.facts, f.crc FROM accounts a LEFT JOIN account_facts f ON f.account = a.number
  WHERE a.number > ? ORDER BY a.number LIMIT ${SMALL_ROWS}`;

/**
 * Indexes that are read in their order. A look-up of a row may find an entry that leads to another row: SQLite takes the
 * number for a comparison from one place of it, and the number that it hands out from another.
 */
const INDEXES = [
  { table: "messages", index: "messages_by_time", columns: ["conversation", "time"], condition: "true" },
  {
    table: "messages",
    index: "messages_unsettled",
    columns: ["deleted", "number"],
    condition: "progress < 2 AND hidden = 0 AND deleted = 0 AND number > ?3",
  },
  { table: "blocks", index: "blocks_by_message", columns: ["account", "first"], condition: "true" },
  { table: "blocks", index: "blocks_by_time", columns: ["account", "newest"], condition: "true" },
] as const;

/**
 * Checks everything that leads to a message: each row is what its checksum says, is found by each index, and is in the
 * terms of its accounts. Yields the number of rows after each slice, some milliseconds of work, which is one transaction.
 *
 * @returns number of messages
 * @throws ArchiveUnusable if the archive is damaged
 */
export function* checkArchive(db: DatabaseSync): Generator<number, number, void> {
  for (const table of SMALL_TABLES) yield inSnapshot(db, () => checkStructure(db, table));
  yield* eachRow(db, db.prepare(ACCOUNTS), numberOf, checkAccount);
  yield inSnapshot(db, () => checkEarlyMarks(db));
  yield* eachRow(db, db.prepare(BLOCKS), numberOf, checkBlock);
  const terms = new TermsOfAccounts(db);
  const messages = yield* eachRow(
    db,
    new ArrayStatement(db, MESSAGES),
    (row) => Number(row.at(-1)),
    (row) => checkRowOfMessage(row, terms),
  );
  for (const each of INDEXES) yield* checkEntries(db, each);
  return messages;
}

function damaged(problem: string): ArchiveUnusable {
  return new ArchiveUnusable(`the archive is damaged: ${problem}`);
}

/** Reads in one transaction: what a statement finds is that of the moment of the one before. */
function inSnapshot<Result>(db: DatabaseSync, read: () => Result): Result {
  db.exec("BEGIN");
  try {
    return read();
  } finally {
    db.exec("ROLLBACK");
  }
}

function checkStructure(db: DatabaseSync, table: string): number {
  const { integrity_check: found } = db.prepare(`PRAGMA integrity_check(${table})`).get() ?? {};
  if (found !== "ok") throw damaged(`${found}`);
  return 1;
}

type Row = ReturnType<StatementSync["all"]>[number];

function numberOf(row: Row): number {
  return Number(row["number"]);
}

/** Hands out all rows of a statement, whose parameter is the number of the last; returns how many there are. */
function* eachRow<Each>(
  db: DatabaseSync,
  statement: { all(number: number): Each[] },
  numberOf: (row: Each) => number,
  check: (row: Each) => void,
): Generator<number, number, void> {
  let count = 0;
  for (let number = -1;;) {
    const rows = inSnapshot(db, () => {
      const rows = statement.all(number);
      rows.forEach(check);
      return rows;
    });
    const last = rows.at(-1);
    if (last === undefined) return count;
    number = keyBehind(number, numberOf(last));
    count += rows.length;
    yield rows.length;
  }
}

/** The facts have a checksum; what says beside them that nothing of the account is shown does not. */
function checkAccount(row: Row): void {
  const isDeleted = recordOf(row).deleted !== undefined;
  if (isDeleted !== (row["deletion"] !== 0)) {
    throw damaged(`account ${row["number"]} is ${isDeleted ? "not " : ""}marked as deleted`);
  }
}

function checkEarlyMarks(db: DatabaseSync): number {
  let marks = 0;
  for (const row of db.prepare("SELECT * FROM early_marks").iterate()) {
    checkedMarks(row);
    marks++;
  }
  return marks;
}

function checkBlock(row: Row): void {
  if (blockChecksum(blockOf(row)) !== row["crc"]) {
    throw damaged(`the checksum of block ${row["number"]} does not fit`);
  }
  if (row["byMessage"] !== 1 || row["byTime"] !== 1) {
    throw damaged(`an index does not have block ${row["number"]}`);
  }
}

function checkRowOfMessage(row: ArrayRow, terms: TermsOfAccounts): void {
  archivedMessage(row);
  const [hidden, deleted] = row.slice(HIDDEN_COLUMN);
  const [first, second, living, byId, byTime, bySettlement, number] = row.slice(-7);
  // Null would be neither shown nor taken for hidden.
  for (const mark of [hidden, deleted]) {
    if (mark !== 0 && mark !== 1) throw damaged(`a mark on message ${number} is ${mark}`);
  }
  if (byId !== 1 || byTime !== 1 || bySettlement !== 1) {
    throw damaged(`an index does not have message ${number}`);
  }
  if (deleted !== 0 || living !== 1) return;
  for (const account of [first, second]) {
    if (!terms.have(Number(account), Number(number))) {
      throw damaged(`message ${number} cannot be found by its words`);
    }
  }
}

type Key = readonly (number | null)[];

/** Reads an index in its order: each entry leads to a row that is there, and is as the entry says. */
function* checkEntries(
  db: DatabaseSync,
  { table, index, columns: [first, second], condition }: (typeof INDEXES)[number],
): Generator<number, void, void> {
  const statement = db.prepare(`
    SELECT ${first} AS first, ${second} AS second, number,
      EXISTS (SELECT 1 FROM ${table} t NOT INDEXED
        WHERE t.number = e.number AND t.${first} = e.${first} AND t.${second} = e.${second}) AS isThere
    FROM ${table} e INDEXED BY ${index} WHERE (${first}, ${second}, number) > (?1, ?2, ?3) AND ${condition}
    ORDER BY ${first}, ${second}, number LIMIT ${INDEX_ROWS}`);
  for (let key: Key = [-1, -1, -1];;) {
    const rows = entriesBehind(statement, key);
    if (rows.length === 0) return;
    for (const row of rows) {
      const next = [Number(row["first"]), Number(row["second"]), Number(row["number"])];
      if (row["isThere"] !== 1) throw damaged(`${index} leads to row ${row["number"]} of ${table}`);
      if (!isBehind(key, next)) throw damaged(`${index} leads from ${key} back to ${next}`);
      key = next;
    }
    yield rows.length;
  }
}

function entriesBehind(statement: StatementSync, key: Key): Row[] {
  return statement.all(...key);
}

function isBehind(before: Key, next: Key): boolean {
  const at = next.findIndex((value, i) => value !== before[i]);
  return at >= 0 && Number(next[at]) > Number(before[at]);
}
