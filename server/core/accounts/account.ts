/**
 * Accounts, with their passwords and login tokens.
 *
 * @module
 */

import { ACCOUNT_IDS } from "../../../common/protocol/feature_sets.ts";
import { type FeatureSet, includesFeatures } from "../../../common/protocol/features.ts";
import { Backlog } from "../messages/backlog.ts";
import type { Conversation } from "../messages/conversation.ts";
import type { Place } from "../entry.ts";
import type { Moment } from "../stamp.ts";
import type { Namesake } from "./names.ts";
import { StoredDays } from "./stored_days.ts";

/** A decision of the operator about the logins to an account. */
export interface Access {
  readonly isDisabled: boolean;
  /** Number of the decision, from 1 on. The highest one holds; of equal ones, that which disables. */
  readonly generation: number;
  /** Time of the decision, microseconds since the Unix epoch. */
  readonly at: number;
}

/** A decision of a person about the messages of another one. */
export interface Block {
  readonly isBlocked: boolean;
  /** Number of the decision, from 1 on. The highest one holds; of equal ones, that which blocks. */
  readonly generation: number;
}

/** A password of an account. The one with the highest generation holds; of equal generations, the latest. */
export interface Password {
  /** Key of the entry that set it (`entryKey`). */
  readonly key: string;
  readonly generation: number;
  readonly set: Moment;
  /** bcrypt hash. */
  readonly hash: string;
  /** SHA-256 of the token that stayed valid when it was set; `undefined` if none did. */
  readonly keeps: string | undefined;
}

/** A login token: valid while its password holds, or while the password that holds keeps it. */
export interface Token {
  /** SHA-256, hexadecimal. */
  readonly hash: string;
  readonly account: Account;
  /** Key of the entry that issued it. */
  readonly issued: string;
  /** Key of the entry that set the password it was issued for. */
  readonly password: string;
  /** Stamp of its issue, microseconds since the Unix epoch. */
  readonly issuedStamp: number;
}

/** The latest logged login to an account from an address. */
export interface KnownAddress {
  /** 32 hexadecimal digits: the digest of the address group with a key of the account. */
  readonly digits: string;
  /** Stamp of the entry. */
  readonly stamp: number;
  /** Time of the login by the clock of its node, microseconds since the Unix epoch. */
  readonly at: number;
}

/** Shared by the accounts that have nothing to list: there are many. */
const NONE: readonly never[] = [];

/** One account. It can be known from its messages before its creation arrives from another node. */
export class Account {
  /** Displayed name; the account id until the creation has arrived, and once the name is forgotten. */
  name: string;
  /** Name given at registration; `undefined` until the creation has arrived, and once the name is forgotten. */
  registeredName: string | undefined;
  /** Place of the entry that created it; `undefined` until that entry has arrived. */
  created: Place | undefined;
  /** See `AccountCreated`. */
  knewDeletionsTo: number | undefined;
  /** SHA-256 of the code of the invitation that it was made with; `undefined` if it was made without. */
  invitation: string | undefined;
  /** Moment of the earliest deletion; `undefined` if it was not deleted. */
  deleted: Moment | undefined;
  /** True if its registered name counts for nobody any more, and may be erased. */
  isNameForgotten = false;
  /** Last decision of the operator about logins; `undefined` if there was none. */
  access: Access | undefined;
  /** Last decision about each person who was ever blocked, by account id; `undefined` if nobody was. */
  decisions: Map<string, Block> | undefined;
  password: Password | undefined;
  /** Renewed hashes of its passwords, by the key of the entry that set the password. */
  readonly rehashes = new Map<string, { readonly hash: string; readonly made: Moment }>();
  readonly tokens = new Set<Token>();
  /** Keys of the fingerprints of its deleted messages, in order; two if both sides of a split made one. */
  fingerprintKeys: readonly string[] = NONE;
  /** Keys of its known addresses, in order; two if both sides of a split made one. */
  addressKeys: readonly string[] = NONE;
  /** Latest logins from each known address, the latest first. */
  knownAddresses: readonly KnownAddress[] = NONE;
  /** By the account id of the other side. */
  readonly conversations = new Map<string, Conversation>();
  /** Messages to this account that none of its clients has confirmed. */
  readonly backlog = new Backlog();
  /** Number of unread messages to this account, over all conversations. */
  unread = 0;
  /** Their contents, bytes of UTF-8. */
  unreadBytes = 0;
  /** Bytes that it has stored on each of the latest days. */
  readonly stored = new StoredDays();

  /** @param id account id */
  constructor(readonly id: string) {
    this.name = id;
  }

  /** True if its creation has arrived and no deletion has. An account without a name was deleted. */
  get alive(): boolean {
    return this.registeredName !== undefined && this.deleted === undefined;
  }

  /** True while the operator lets nobody log in to it. */
  get isDisabled(): boolean {
    return this.access?.isDisabled === true;
  }

  /** True while it accepts no messages of another account, and shows it neither presence nor marks. */
  blocks({ id }: Account): boolean {
    return this.decisions?.get(id)?.isBlocked === true;
  }

  /** bcrypt hash of the present password: the latest renewed one, or else the one it was set with. */
  get passwordHash(): string | undefined {
    const password = this.password;
    return password && (this.rehashes.get(password.key)?.hash ?? password.hash);
  }
}

/** An account whose creation has arrived with its name. */
export type NamedAccount = Account & Namesake;
/** Bytes of the longest key of an account id in a frame, with the lengths and tags of both. */
const ID_FIELD_BYTES = 32;

/** Upper bound of the bytes of an account's id with its key in a frame for a session with these features. */
export function idFieldBytes({ id }: Account, features: FeatureSet): number {
  return includesFeatures(features, ACCOUNT_IDS) ? ID_FIELD_BYTES + id.length : 0;
}

/**
 * True if a token's account lives, and its present password is that of the token or keeps the token.
 * `findToken` also checks the age.
 */
export function tokenHolds(token: Token): boolean {
  const { password, alive } = token.account;
  return alive && password !== undefined &&
    (token.password === password.key || token.hash === password.keeps);
}
