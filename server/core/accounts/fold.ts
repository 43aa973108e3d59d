/**
 * The fold of the events about accounts, passwords and tokens.
 *
 * @module
 */

import { type Change, NO_CHANGE } from "../change.ts";
import { type Entry, entryKey, type Place } from "../entry.ts";
import type {
  AccountCreated,
  AccountDeleted,
  AddressKeyMade,
  AddressKnown,
  NameForgotten,
  PasswordChanged,
  PasswordRehashed,
  TokenIssued,
  TokenRevoked,
  TokensUsed,
} from "../events.ts";
import { concerns } from "../messages/early_mark.ts";
import { compareMoments, type Moment } from "../stamp.ts";
import type { State } from "../state.ts";
import type { Account, Password, Token } from "./account.ts";
import { foldInvitationUsed } from "./invitation_fold.ts";
import { withKnownAddress } from "./known_addresses.ts";
import { neededNamesakes, shownNames } from "./names.ts";

/**
 * Creates an account with its first password, and settles the displayed names of its namesakes. An account whose
 * name is forgotten has none: its deletion arrives, or has. The earliest creation counts: there are two of an account
 * that a repair of the log has given a new origin, at nodes with its entries of before.
 */
export function foldAccountCreated(state: State, entry: Place & AccountCreated): readonly Change[] {
  const account = state.account(entry.account);
  const created = { origin: entry.origin, seq: entry.seq, stamp: entry.stamp };
  replacePassword(account, {
    key: entryKey(entry),
    generation: 0,
    set: momentOf(entry),
    hash: entry.hash,
    keeps: undefined,
  });
  foldInvitationUsed(state, account, entry.invitation);
  if (account.created !== undefined && compareMoments(account.created, created) <= 0) return NO_CHANGE;
  account.created = created;
  account.knewDeletionsTo = entry.knewDeletionsTo;
  if (entry.name === "" || account.isNameForgotten) return NO_CHANGE;
  if (account.registeredName !== undefined) return showNames(state, entry.name);
  state.directory.addNamesake(Object.assign(account, { created, registeredName: entry.name }));
  const renames = showNames(state, entry.name);
  return account.deleted ? renames : [...renames, { type: "accountMade", account }];
}

/** Lists each namesake under the name that is now its own; returns the renames of living accounts. */
export function showNames(state: State, name: string): Change[] {
  const namesakes = state.directory.namesakes(name);
  const names = shownNames(namesakes);
  const needed = neededNamesakes(namesakes);
  const changes: Change[] = [];
  for (const account of namesakes) {
    if (account.deleted === undefined || needed.has(account)) state.forgettable.delete(account);
    else state.forgettable.add(account);
    unlist(state, account);
  }
  for (const [i, account] of namesakes.entries()) {
    const to = names[i] ?? account.name;
    const from = account.name;
    account.name = to;
    if (!account.alive) continue;
    state.directory.add(to, account);
    if (from !== to && from !== account.id) changes.push({ type: "accountRenamed", account, from, to });
  }
  return changes;
}

function unlist({ directory }: State, account: Account): void {
  if (directory.find(account.name) === account) directory.remove(account.name);
}

/**
 * Deletes an account with its messages and tokens. The earliest deletion counts: the names of its namesakes
 * depend on that moment.
 */
export function foldAccountDeleted(state: State, entry: Place & AccountDeleted): readonly Change[] {
  const account = state.account(entry.account);
  const moment = momentOf(entry);
  const before = account.deleted;
  state.latestDeletion = Math.max(state.latestDeletion, moment.stamp);
  if (before === undefined || compareMoments(moment, before) < 0) account.deleted = moment;
  const renames = account.registeredName === undefined ? [] : showNames(state, account.registeredName);
  if (before) return renames;
  unlist(state, account);
  const partners = removeConversations(state, account);
  for (const key of state.earlyMarks.keys()) {
    if (concerns(key, account.id)) state.earlyMarks.delete(key);
  }
  for (const { hash } of account.tokens) {
    state.tokens.delete(hash);
    state.tokenUses.delete(hash);
  }
  account.tokens.clear();
  account.access = undefined;
  account.decisions = undefined;
  account.fingerprintKeys = [];
  account.addressKeys = [];
  account.knownAddresses = [];
  account.stored.clear();
  return [{ type: "accountGone", account, name: account.name, partners, actor: entry.by }, ...renames];
}

/**
 * Takes the registered name from a deleted account: its namesakes are shown as if nobody had registered it. The
 * deletion may arrive later.
 */
export function foldNameForgotten(state: State, { account: id }: NameForgotten): readonly Change[] {
  const account = state.account(id);
  account.isNameForgotten = true;
  const { registeredName } = account;
  if (registeredName === undefined) return NO_CHANGE;
  unlist(state, account);
  state.directory.removeNamesake(account, registeredName);
  state.forgettable.delete(account);
  account.registeredName = undefined;
  account.name = account.id;
  return showNames(state, registeredName);
}

function removeConversations(state: State, account: Account): Account[] {
  const partners: Account[] = [];
  for (const conversation of account.conversations.values()) {
    const partner = conversation.other(account);
    if (partner !== account) partners.push(partner);
    partner.unread -= conversation.unread(partner);
    partner.conversations.delete(account.id);
    state.storedMessages -= conversation.messages.length;
    for (const message of conversation.messages) {
      if (message.recipient === partner && message.countsAsUnread) {
        partner.unreadBytes -= message.contentBytes;
      }
      message.hidden = true;
      state.messages.remove(message);
    }
    for (const message of conversation.deleted) state.messages.remove(message);
    partner.backlog.sweep();
  }
  account.conversations.clear();
  account.backlog.sweep();
  return partners;
}

/** Sets a password, unless the known one is newer. */
export function foldPasswordChanged(state: State, entry: Place & PasswordChanged): readonly Change[] {
  const account = state.account(entry.account);
  const replaced = replacePassword(account, {
    key: entryKey(entry),
    generation: entry.generation,
    set: momentOf(entry),
    hash: entry.hash,
    keeps: entry.keeps,
  });
  return replaced ? [{ type: "passwordSet", account, keeps: entry.keeps, actor: entry.by }] : NO_CHANGE;
}

/** Sets a password of a higher generation, or of the same one but later. True if it was set. */
function replacePassword(account: Account, password: Password): boolean {
  const known = account.password;
  if (known) {
    const order = password.generation - known.generation || compareMoments(password.set, known.set);
    if (order <= 0) return false;
  }
  account.password = password;
  return true;
}

/** Records a renewed hash of one of the account's passwords; the latest one wins. */
export function foldPasswordRehashed(state: State, entry: Place & PasswordRehashed): readonly Change[] {
  const account = state.account(entry.account);
  const made = momentOf(entry);
  const known = account.rehashes.get(entry.password);
  if (known === undefined || compareMoments(known.made, made) < 0) {
    account.rehashes.set(entry.password, { hash: entry.hash, made });
  }
  return NO_CHANGE;
}

/** Adds a login token, unless it is revoked or its account is deleted. */
export function foldTokenIssued(state: State, entry: Place & TokenIssued): readonly Change[] {
  const account = state.account(entry.account);
  const isRevoked = state.revoked.has(entry.token);
  if (isRevoked) state.revoked.add(entry.token, entry.stamp);
  if (isRevoked || account.deleted) return NO_CHANGE;
  const token: Token = {
    hash: entry.token,
    account,
    issued: entryKey(entry),
    password: entry.password,
    issuedStamp: entry.stamp,
  };
  const known = state.tokens.get(token.hash);
  if (known !== undefined) {
    // The same token under two names, after a repair of a fork: the greater one counts, as with passwords.
    if (known.issued >= token.issued) return NO_CHANGE;
    account.tokens.delete(known);
  }
  state.tokens.set(token.hash, token);
  account.tokens.add(token);
  return NO_CHANGE;
}

/** Removes a login token, and remembers the revocation: it may be issued later, or once more under another name. */
export function foldTokenRevoked(state: State, event: TokenRevoked): readonly Change[] {
  // A deleted account gets no token at all.
  if (state.account(event.account).deleted) return NO_CHANGE;
  const token = state.tokens.get(event.token);
  state.revoked.add(event.token, token?.issuedStamp);
  if (token === undefined) return NO_CHANGE;
  state.tokens.delete(token.hash);
  token.account.tokens.delete(token);
  return [{ type: "tokenVoid", token, actor: event.by }];
}

/** Records that tokens were used, which restarts the time after which they expire. */
export function foldTokensUsed(state: State, entry: Entry & TokensUsed): readonly Change[] {
  for (const hash of entry.tokens) {
    state.tokenUses.set(hash, Math.max(state.tokenUses.get(hash) ?? 0, entry.stamp));
  }
  return NO_CHANGE;
}

/** Adds a key of the account's known addresses. */
export function foldAddressKeyMade(state: State, { account: id, key }: AddressKeyMade): readonly Change[] {
  const account = state.account(id);
  const { addressKeys } = account;
  if (!account.deleted && key !== "" && !addressKeys.includes(key)) {
    account.addressKeys = [...addressKeys, key].sort();
  }
  return NO_CHANGE;
}

/** Records a login from an address. */
export function foldAddressKnown(state: State, entry: Entry & AddressKnown): readonly Change[] {
  const account = state.account(entry.account);
  const { address: digits, stamp, at = stamp } = entry;
  if (!account.deleted && digits !== "") {
    account.knownAddresses = withKnownAddress(account.knownAddresses, { digits, stamp, at });
  }
  return NO_CHANGE;
}

function momentOf(place: Place): Moment {
  return { stamp: place.stamp, origin: place.origin };
}
