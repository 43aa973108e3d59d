/**
 * Messages and the marks on them: rows that are found, added, changed and removed.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ArchivedMessage } from "../core/messages/archived.ts";
import type { EarlyMark } from "../core/messages/early_mark.ts";
import type { Fingerprint } from "../core/messages/fingerprint.ts";
import type { Progress } from "../core/messages/message.ts";
import { ArrayStatement } from "./array_statement.ts";
import { checkMessage, checksumWith, messageChecksum } from "./message_checksum.ts";
import type { ConversationSide } from "./numbers.ts";
import { storedId, storedText, textOf } from "./stored_text.ts";

/** Where a message stands in the order: its time, and the origin of its entry. */
export interface MessageMoment {
  /** Microseconds since the Unix epoch. */
  readonly time: number;
  readonly origin: string;
}

/** A message as an entry names it: its id, and the ids of its accounts. */
type NamedMessage = Pick<ArchivedMessage, "id" | "sender" | "recipient">;

/** A message of the archive, without its content. */
export interface StoredMessage extends MessageMoment, NamedMessage {
  /** Counts the messages in the order of their arrival; never used again. */
  readonly number: number;
  readonly marks: EarlyMark;
  readonly checksum: number;
}

/** A message to add. */
interface NewMessage extends ArchivedMessage, ConversationSide {
  readonly number: number;
  /** Number of the origin of its entry. */
  readonly originNumber: number;
  /** True if it is deleted, and its entry in the log has the content. */
  readonly isUnerased: boolean;
}

/** The names of origins by their numbers. */
interface OriginNames {
  /** @throws ArchiveUnusable if no origin has the number */
  nameOf(number: number): string;
}

/** The table of messages, for the connection that writes. */
export class MessageTable {
  readonly #origins: OriginNames;
  readonly #find: ArrayStatement;
  readonly #fingerprint: ArrayStatement;
  readonly #add: StatementSync;
  readonly #mark: StatementSync;
  readonly #erase: StatementSync;
  readonly #content: StatementSync;
  readonly #remove: StatementSync;
  readonly #noteUnerased: StatementSync;
  readonly #forgetUnerased: StatementSync;
  readonly #keepFingerprint: StatementSync;
  readonly #removeFingerprint: StatementSync;

  constructor(db: DatabaseSync, origins: OriginNames) {
    this.#origins = origins;
    this.#find = new ArrayStatement(
      db,
      `
      SELECT number, time, origin, crc, progress, hidden, deleted FROM messages
      WHERE id = ? AND conversation = ? AND side = ?`,
    );
    this.#fingerprint = new ArrayStatement(db, "SELECT digits, at FROM fingerprints WHERE message = ?");
    this.#add = db.prepare(`
      INSERT INTO messages (number, id, conversation, side, time, origin, progress, hidden, deleted, crc, content)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id, conversation, side) DO NOTHING`);
    this.#mark = db.prepare("UPDATE messages SET progress = ?, hidden = ?, crc = ? WHERE number = ?");
    this.#erase = db.prepare(`
      UPDATE messages SET progress = ?, hidden = ?, crc = ?, deleted = 1, content = '' WHERE number = ?`);
    this.#content = db.prepare("SELECT content FROM messages WHERE number = ?");
    this.#remove = db.prepare("DELETE FROM messages WHERE number = ?");
    this.#noteUnerased = db.prepare("INSERT OR REPLACE INTO unerased (message) VALUES (?)");
    this.#forgetUnerased = db.prepare("DELETE FROM unerased WHERE message = ?");
    this.#keepFingerprint = db.prepare(`
      INSERT INTO fingerprints (message, digits, at) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET digits = excluded.digits, at = excluded.at`);
    this.#removeFingerprint = db.prepare("DELETE FROM fingerprints WHERE message = ?");
  }

  /** The message with this id from one side of the conversation of these accounts; `undefined` if there is none. */
  find(
    { conversation, side }: ConversationSide,
    { id, sender, recipient }: NamedMessage,
  ): StoredMessage | undefined {
    const row = this.#find.get(storedId(id), conversation, side);
    if (row === undefined) return undefined;
    const [number, time, origin, crc, progress, hidden, deleted] = row;
    const [digits, at] = deleted === 1 ? this.#fingerprint.get(number ?? null) ?? [] : [];
    return {
      id,
      sender,
      recipient,
      number: Number(number),
      time: Number(time),
      origin: this.#origins.nameOf(Number(origin)),
      marks: marksOf({ progress, hidden, deleted, digits, at }),
      checksum: Number(crc),
    };
  }

  /** Compares a message and its content with its checksum. @throws ArchiveUnusable if they do not fit */
  check(message: StoredMessage): void {
    const content = textOf(String(this.#content.get(message.number)?.["content"]));
    checkMessage({ ...message, content }, message.checksum);
  }

  /** Adds a message; returns false, and changes nothing, if it is there already. */
  add(message: NewMessage): boolean {
    const { number, id, conversation, side, time, originNumber, marks, content, isUnerased } = message;
    const { progress, hidden, deleted, fingerprint } = marks;
    const added = this.#add.run(
      number,
      storedId(id),
      conversation,
      side,
      time,
      originNumber,
      progress,
      Number(hidden),
      Number(deleted),
      messageChecksum(message),
      storedText(content),
    );
    if (added.changes === 0) return false;
    if (isUnerased) this.noteUnerased(number);
    if (fingerprint !== undefined) this.#keep(number, fingerprint);
    return true;
  }

  /**
   * Changes the marks on a message; one that is deleted loses its content.
   *
   * @throws ArchiveUnusable if the row of one that somebody is to see no more is damaged: it may be another message
   */
  mark(message: StoredMessage, marks: EarlyMark): void {
    const { number, marks: before, checksum } = message;
    const { progress, hidden, deleted, fingerprint } = marks;
    if (hidden !== before.hidden || deleted !== before.deleted) this.check(message);
    if (deleted && !before.deleted) {
      this.#erase.run(progress, Number(hidden), messageChecksum({ ...message, marks, content: "" }), number);
      this.noteUnerased(number);
    } else if (progress !== before.progress || hidden !== before.hidden) {
      this.#mark.run(progress, Number(hidden), checksumWith(checksum, before, marks), number);
    }
    if (fingerprint !== undefined && fingerprint !== before.fingerprint) {
      this.#keep(number, fingerprint);
    }
  }

  /** Notes that the log may have the content of a deleted message. */
  noteUnerased(number: number): void {
    this.#noteUnerased.run(number);
  }

  #keep(number: number, { digits, at }: Fingerprint): void {
    this.#keepFingerprint.run(number, storedText(digits), at);
  }

  /** Removes a message with its marks. */
  remove(number: number): void {
    this.#remove.run(number);
    this.#forgetUnerased.run(number);
    this.#removeFingerprint.run(number);
  }
}

/** Columns of marks. */
type MarkColumns = { readonly [Name in "progress" | "hidden" | "deleted" | "digits" | "at"]?: unknown };

/** The marks in the columns of a row. */
export function marksOf({ progress, hidden, deleted, digits, at }: MarkColumns): EarlyMark {
  return {
    progress: Number(progress) as Progress,
    hidden: hidden === 1,
    deleted: deleted === 1,
    fingerprint: typeof digits === "string" ? { digits: textOf(digits), at: Number(at) } : undefined,
  };
}
