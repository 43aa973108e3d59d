/**
 * The erasure of what was deleted, in slices: messages of deleted accounts, index entries of deleted messages, and
 * fingerprints, known addresses and revocations whose time is over.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { isKnownAddressExpired } from "../core/accounts/known_addresses.ts";
import { areFingerprintsExpired } from "../core/messages/fingerprint.ts";
import type { MessageNumbers } from "./place_table.ts";
import type { TermIndex } from "./term_index.ts";

/** Rows of a slice: it takes some milliseconds. */
const SLICE_ROWS = 500;
/** Blocks that a slice makes again, or removes. */
const SLICE_BLOCKS = 4;
const REMOVED_BLOCKS = 50;
/** Times of fingerprints, or of known addresses, that a slice erases. */
const SLICE_TIMES = 100;

/** The erasure, for the connection that writes. */
export class Erasure {
  readonly #index: TermIndex;
  readonly #places: Pick<MessageNumbers, "count">;
  readonly #nextAccount: StatementSync;
  readonly #conversationOf: StatementSync;
  readonly #messagesOf: StatementSync;
  readonly #removeFingerprint: StatementSync;
  readonly #removeMessage: StatementSync;
  readonly #removeConversation: StatementSync;
  readonly #leftovers: readonly StatementSync[];
  readonly #finish: StatementSync;
  readonly #expiring: StatementSync;
  readonly #expireKept: StatementSync;
  readonly #expireEarly: StatementSync;
  readonly #logins: StatementSync;
  readonly #forgetLogins: StatementSync;
  readonly #revoked: StatementSync;
  readonly #forgetRevoked: readonly StatementSync[];

  constructor(db: DatabaseSync, index: TermIndex, places: Pick<MessageNumbers, "count">) {
    this.#index = index;
    this.#places = places;
    this.#nextAccount = db.prepare("SELECT number FROM accounts WHERE deletion = 1 LIMIT 1");
    this.#conversationOf = db.prepare(`
      SELECT number, first, second FROM conversations WHERE first = ?1
      UNION ALL SELECT number, first, second FROM conversations WHERE second = ?1 LIMIT 1`);
    this.#messagesOf = db.prepare(
      `SELECT number, deleted FROM messages WHERE conversation = ? LIMIT ${SLICE_ROWS}`,
    );
    this.#removeFingerprint = db.prepare("DELETE FROM fingerprints WHERE message = ?");
    this.#removeMessage = db.prepare("DELETE FROM messages WHERE number = ?");
    this.#removeConversation = db.prepare("DELETE FROM conversations WHERE number = ?");
    this.#leftovers = [
      `DELETE FROM unindexed WHERE (account, first) IN
        (SELECT account, first FROM unindexed WHERE account = ? LIMIT ${SLICE_ROWS})`,
      `DELETE FROM early_marks WHERE (sender, recipient, id) IN
        (SELECT sender, recipient, id FROM early_marks WHERE sender = ? LIMIT ${SLICE_ROWS})`,
      `DELETE FROM early_marks WHERE (sender, recipient, id) IN
        (SELECT sender, recipient, id FROM early_marks WHERE recipient = ? LIMIT ${SLICE_ROWS})`,
      `DELETE FROM stale_blocks WHERE block IN (SELECT number FROM blocks WHERE account = ?)`,
      `DELETE FROM blocks WHERE number IN (SELECT number FROM blocks WHERE account = ? LIMIT ${REMOVED_BLOCKS})`,
    ].map((sql) => db.prepare(sql));
    this.#finish = db.prepare("UPDATE accounts SET deletion = 2 WHERE number = ?");
    this.#expiring = db.prepare(`
      SELECT at FROM (SELECT min(at) AS at FROM fingerprints UNION SELECT max(at) FROM fingerprints
      UNION SELECT min(at) FROM early_marks WHERE at IS NOT NULL
      UNION SELECT max(at) FROM early_marks WHERE at IS NOT NULL) WHERE at IS NOT NULL`);
    this.#expireKept = db.prepare("DELETE FROM fingerprints WHERE at = ?");
    this.#expireEarly = db.prepare("UPDATE early_marks SET digits = NULL, at = NULL WHERE at = ?");
    this.#logins = db.prepare(`
      SELECT at FROM (SELECT min(at) AS at FROM known_addresses UNION SELECT max(at) FROM known_addresses)
      WHERE at IS NOT NULL`);
    this.#forgetLogins = db.prepare("DELETE FROM known_addresses WHERE at = ?");
    this.#revoked = db.prepare(`
      SELECT hash FROM revoked_tokens r WHERE issued < ?1
      AND NOT EXISTS (SELECT 1 FROM token_uses u WHERE u.hash = r.hash AND u.stamp >= ?1) LIMIT ${SLICE_ROWS}`);
    this.#forgetRevoked = ["revoked_tokens", "token_uses"]
      .map((table) => db.prepare(`DELETE FROM ${table} WHERE hash = ?`));
  }

  /**
   * Erases a slice; returns false if there was nothing to erase.
   *
   * @param wallMs wall clock of this node, milliseconds since the Unix epoch
   * @param tokenExpiry stamp before which a token was last used that would have expired by now (`tokenExpiry`)
   */
  slice(wallMs: number, tokenExpiry: number): boolean {
    const account = this.#nextAccount.get()?.["number"];
    if (account !== undefined) {
      this.#eraseOf(Number(account));
      return true;
    }
    return this.#renewBlocks() || this.#expire(wallMs) || this.#expireRevoked(tokenExpiry);
  }

  #eraseOf(account: number): void {
    const conversation = this.#conversationOf.get(account);
    if (conversation !== undefined) {
      const [first, second] = [Number(conversation["first"]), Number(conversation["second"])];
      return this.#eraseConversation(Number(conversation["number"]), account, first + second - account);
    }
    for (const statement of this.#leftovers) if (Number(statement.run(account).changes) > 0) return;
    this.#finish.run(account);
  }

  /** Erases messages of a conversation. The blocks of the account itself are removed as a whole, later. */
  #eraseConversation(conversation: number, account: number, other: number): void {
    const rows = this.#messagesOf.all(conversation);
    for (const row of rows) {
      const number = Number(row["number"]);
      if (other !== account) this.#index.remove(number, [other]);
      this.#removeFingerprint.run(number);
      this.#removeMessage.run(number);
    }
    this.#places.count(-rows.filter((row) => row["deleted"] === 0).length);
    this.#index.forget();
    if (rows.length < SLICE_ROWS) this.#removeConversation.run(conversation);
  }

  #renewBlocks(): boolean {
    let renewed = 0;
    while (renewed < SLICE_BLOCKS && this.#index.renewBlock()) renewed++;
    return renewed > 0;
  }

  #expire(wallMs: number): boolean {
    let times = 0;
    while (times < SLICE_TIMES && (this.#expireOldest(wallMs) || this.#forgetOldest(wallMs))) times++;
    return times > 0;
  }

  /** Forgets revocations of tokens that would have expired anyway. */
  #expireRevoked(tokenExpiry: number): boolean {
    const expired = this.#revoked.all(tokenExpiry);
    for (const { hash = null } of expired) for (const statement of this.#forgetRevoked) statement.run(hash);
    return expired.length > 0;
  }

  /** Erases the oldest fingerprints, and those furthest ahead of the clock, if they are kept no longer. */
  #expireOldest(wallMs: number): boolean {
    const expired = this.#expiring.all().map(({ at }) => Number(at))
      .filter((at) => areFingerprintsExpired(at, wallMs));
    for (const at of expired) {
      this.#expireKept.run(at);
      this.#expireEarly.run(at);
    }
    return expired.length > 0;
  }

  /** Erases the oldest known addresses, and those furthest ahead of the clock, if they are known no longer. */
  #forgetOldest(wallMs: number): boolean {
    const expired = this.#logins.all().map(({ at }) => Number(at))
      .filter((at) => isKnownAddressExpired(at, wallMs));
    for (const at of expired) this.#forgetLogins.run(at);
    return expired.length > 0;
  }
}
