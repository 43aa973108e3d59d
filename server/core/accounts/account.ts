/**
 * An account: who somebody is, and what belongs to them.
 *
 * @module
 */

import { Backlog } from "../messages/backlog.ts";
import type { Conversation } from "../messages/conversation.ts";
import type { Place } from "../entry.ts";
import type { Moment } from "../stamp.ts";

/** A password as it is known; which one holds is decided by `replaces`. */
export interface Password {
  /** Key of the entry that set it. */
  readonly key: string;
  readonly generation: number;
  readonly set: Moment;
  /** bcrypt hash. */
  readonly hash: string;
  /** SHA-256 of the token that stayed good when it was set. */
  readonly keeps: string | undefined;
}

/** A login token: good while its password is the account's, or while that password keeps it. */
export interface Token {
  /** SHA-256, hexadecimal. */
  readonly hash: string;
  readonly account: Account;
  /** Key of the entry that issued it. */
  readonly issued: string;
  /** Key of the entry that set its password. */
  readonly password: string;
  /** When it was issued, microseconds since the Unix epoch. */
  readonly issuedStamp: number;
}

/** One account. It may be known from its messages before its creation has arrived from another node. */
export class Account {
  /** As shown; the account id while the creation is not known. */
  name: string;
  /** As registered. */
  registeredName: string | undefined;
  /** The entry that created it. */
  created: Place | undefined;
  /** The earliest of its deletions. */
  deleted: Moment | undefined;
  password: Password | undefined;
  /** Newer hashes of the same password, by the key of the password. */
  readonly rehashes = new Map<string, { readonly hash: string; readonly made: Moment }>();
  readonly tokens = new Set<Token>();
  /** By the other's account id. */
  readonly conversations = new Map<string, Conversation>();
  /** What no client of this account has confirmed yet. */
  readonly backlog = new Backlog();
  /** Messages to this account that it has not read, in all conversations. */
  unread = 0;

  /** @param id account id */
  constructor(readonly id: string) {
    this.name = id;
  }

  /** Whether it was created and not deleted. */
  get alive(): boolean {
    return this.created !== undefined && this.deleted === undefined;
  }

  /** bcrypt hash of the password that holds. */
  get passwordHash(): string | undefined {
    const password = this.password;
    return password && (this.rehashes.get(password.key)?.hash ?? password.hash);
  }
}

/** Whether a token still stands for its account. Its age is the business of whoever asks. */
export function tokenHolds(token: Token): boolean {
  const { password, alive } = token.account;
  return alive && password !== undefined &&
    (token.password === password.key || token.hash === password.keeps);
}
