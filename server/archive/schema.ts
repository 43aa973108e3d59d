/**
 * The tables of the archive (`docs/storage.md`, The database).
 *
 * @module
 */

/** Marks the file as an archive, in SQLite's `application_id`: "chat" in ASCII. */
export const APPLICATION_ID = 0x63686174;

/**
 * Format of the archive, in SQLite's `user_version`. Every change of the tables, of the terms of messages
 * (`core/search/terms.ts`) and of the fold raises it: an archive of another format is made anew.
 */
export const FORMAT = 6;

/** Account ids and message ids in the tables are in the form of `storedText` and `storedId`. */
export const SCHEMA = `
CREATE TABLE place (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  position INTEGER NOT NULL,
  next_message INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  newest_message INTEGER NOT NULL,
  latest_deletion INTEGER NOT NULL
) STRICT;

CREATE TABLE segments (
  number INTEGER PRIMARY KEY,
  position INTEGER NOT NULL,
  version TEXT NOT NULL,
  batch INTEGER NOT NULL,
  crc TEXT NOT NULL,
  origin TEXT,
  written_by TEXT
) STRICT;

CREATE TABLE origins (
  number INTEGER PRIMARY KEY,
  origin TEXT NOT NULL UNIQUE,
  seq INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  chain INTEGER
) STRICT;

CREATE TABLE accounts (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  deletion INTEGER NOT NULL
) STRICT;
CREATE INDEX accounts_to_erase ON accounts (deletion) WHERE deletion = 1;

CREATE TABLE account_facts (
  account INTEGER PRIMARY KEY,
  facts TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;

CREATE TABLE stored_days (
  account INTEGER PRIMARY KEY,
  days TEXT NOT NULL
) STRICT;

CREATE TABLE known_addresses (
  account INTEGER NOT NULL,
  digits TEXT NOT NULL,
  stamp INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (account, digits)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_addresses_by_time ON known_addresses (at);

CREATE TABLE tokens (
  hash TEXT PRIMARY KEY,
  account INTEGER NOT NULL,
  issued TEXT NOT NULL,
  password TEXT NOT NULL,
  stamp INTEGER NOT NULL,
  crc INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_account ON tokens (account);

CREATE TABLE token_uses (
  hash TEXT PRIMARY KEY,
  stamp INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE revoked_tokens (
  hash TEXT PRIMARY KEY,
  issued INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX revoked_tokens_by_issue ON revoked_tokens (issued);

CREATE TABLE invitations (
  hash TEXT PRIMARY KEY,
  facts TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE unerased (
  message INTEGER PRIMARY KEY,
  position INTEGER
) STRICT;
CREATE INDEX unerased_by_position ON unerased (position);

CREATE TABLE conversations (
  number INTEGER PRIMARY KEY,
  first INTEGER NOT NULL,
  second INTEGER NOT NULL,
  UNIQUE (first, second)
) STRICT;
CREATE INDEX conversations_by_second ON conversations (second);

CREATE TABLE messages (
  number INTEGER PRIMARY KEY,
  id ANY NOT NULL,
  conversation INTEGER NOT NULL,
  side INTEGER NOT NULL,
  time INTEGER NOT NULL,
  origin INTEGER NOT NULL,
  progress INTEGER NOT NULL,
  hidden INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  crc INTEGER NOT NULL,
  content TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_by_id ON messages (id, conversation, side);
CREATE INDEX messages_by_time ON messages (conversation, time);
CREATE INDEX messages_unsettled ON messages (deleted) WHERE progress < 2 AND hidden = 0 AND deleted = 0;

CREATE TABLE fingerprints (
  message INTEGER PRIMARY KEY,
  digits TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX fingerprints_by_time ON fingerprints (at);

CREATE TABLE early_marks (
  sender INTEGER NOT NULL,
  recipient INTEGER NOT NULL,
  id ANY NOT NULL,
  progress INTEGER NOT NULL,
  hidden INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  digits TEXT,
  at INTEGER,
  crc INTEGER NOT NULL,
  PRIMARY KEY (sender, recipient, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX early_marks_by_recipient ON early_marks (recipient);
CREATE INDEX early_marks_by_time ON early_marks (at) WHERE at IS NOT NULL;

CREATE TABLE unindexed (
  account INTEGER NOT NULL,
  first INTEGER NOT NULL,
  count INTEGER NOT NULL,
  length INTEGER NOT NULL,
  messages TEXT NOT NULL,
  PRIMARY KEY (account, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE blocks (
  number INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  oldest INTEGER NOT NULL,
  newest INTEGER NOT NULL,
  messages TEXT NOT NULL,
  terms TEXT NOT NULL,
  crc INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX blocks_by_message ON blocks (account, first, last);
CREATE INDEX blocks_by_time ON blocks (account, newest, oldest);

CREATE TABLE stale_blocks (block INTEGER PRIMARY KEY) STRICT;
`;
