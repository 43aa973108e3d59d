/**
 * Accounts as data, to be stored and loaded again.
 *
 * @module
 */

import type { State } from "../state.ts";
import type { Account, Block, NamedAccount, Password } from "./account.ts";
import { showNames } from "./fold.ts";
import { foldInvitationUsed } from "./invitation_fold.ts";

type Rehash = ReturnType<Account["rehashes"]["get"]> & object;

/**
 * The facts about an account but its tokens, known addresses and stored days. Members that say nothing are left out,
 * and so are the access, the blocks, the passwords and the keys of one that is deleted.
 */
export interface AccountRecord extends
  Partial<
    Pick<Account, "registeredName" | "created" | "knewDeletionsTo" | "invitation" | "deleted" | "access">
  > {
  readonly isNameForgotten?: true;
  readonly decisions?: readonly (readonly [string, Block])[];
  readonly password?: Omit<Password, "keeps"> & Partial<Pick<Password, "keeps">>;
  readonly rehashes?: readonly (readonly [string, Rehash])[];
  readonly fingerprintKeys?: readonly string[];
  readonly addressKeys?: readonly string[];
}

/** The facts about an account, which JSON can hold. */
export function accountRecord(account: Account): AccountRecord {
  const { registeredName, created, knewDeletionsTo, invitation, deleted, isNameForgotten, password } =
    account;
  const place = { registeredName, created, knewDeletionsTo, invitation, deleted };
  const known = isNameForgotten ? { ...place, isNameForgotten } as const : place;
  if (deleted !== undefined) return known;
  const { access, decisions, rehashes, fingerprintKeys, addressKeys } = account;
  return {
    ...known,
    ...(access === undefined ? {} : { access }),
    ...(decisions === undefined ? {} : { decisions: [...decisions] }),
    ...(password === undefined ? {} : { password }),
    ...(rehashes.size > 0 ? { rehashes: [...rehashes] } : {}),
    ...(fingerprintKeys.length > 0 ? { fingerprintKeys } : {}),
    ...(addressKeys.length > 0 ? { addressKeys } : {}),
  };
}

/**
 * Gives a new account of a state the facts of a record, and counts the use of its invitation. `showLoadedNames` gives it
 * its displayed name.
 */
export function loadAccount(state: State, account: Account, record: AccountRecord): void {
  const { decisions, password, rehashes = [], isNameForgotten = false, invitation, ...facts } = record;
  Object.assign(account, facts, { isNameForgotten });
  if (decisions !== undefined) account.decisions = new Map(decisions);
  foldInvitationUsed(state, account, invitation);
  if (password !== undefined) account.password = { ...password, keeps: password.keeps };
  for (const [key, rehash] of rehashes) account.rehashes.set(key, rehash);
}

/** Lists all accounts of a state under their displayed names, once they are loaded. */
export function showLoadedNames(state: State): void {
  const shared = new Set<string>();
  for (const account of state.accounts.values()) {
    if (!isNamed(account)) continue;
    const { registeredName } = account;
    const isShared = state.directory.namesakes(registeredName).length > 0;
    state.directory.addNamesake(account);
    if (isShared || !account.alive) shared.add(registeredName.toLowerCase());
    else showAlone(state, account);
  }
  for (const name of shared) showNames(state, name);
}

/** Nearly every account is the only one that was ever registered under its name. */
function showAlone({ directory }: State, account: NamedAccount): void {
  account.name = account.registeredName;
  directory.add(account.name, account);
}

function isNamed(account: Account): account is NamedAccount {
  return account.registeredName !== undefined && account.created !== undefined;
}
