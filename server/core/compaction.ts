/**
 * The traces of deletion in the log, and the time to erase them (`proto/log_format.md`, section 10).
 *
 * @module
 */

import { isKnownAddressExpired } from "./accounts/known_addresses.ts";
import type { Entry } from "./entry.ts";
import type { AccountCreated, AddressKnown, MessagesDeleted, MessageSent, PersonBlocked } from "./events.ts";
import { earlyMarkKey } from "./messages/early_mark.ts";
import { areFingerprintsExpired } from "./messages/fingerprint.ts";
import type { State } from "./state.ts";

/**
 * Least time between two passes, ms: an hour. A pass reads the whole log, so it should be rare; and deleted content
 * should not stay for a day.
 */
export const COMPACTION_INTERVAL_MS = 3_600_000;

/**
 * Greatest time between two passes, ms: a day. Time makes fingerprints and known addresses erasable without an entry that says so.
 */
const DAILY_PASS_MS = 86_400_000;

/** The facts that decide about a pass. */
export interface CompactionNeed {
  /** Since the last pass began, or else since the start of the node, ms. */
  readonly elapsedMs: number;
  /** True while the disk is full. */
  readonly readOnly: boolean;
  /** True if anything that can be erased came into the log since the last pass began. */
  readonly hasDeleted: boolean;
}

/** True if it is time for a pass. */
export function isCompactionDue({ elapsedMs, readOnly, hasDeleted }: CompactionNeed): boolean {
  if (readOnly || elapsedMs < COMPACTION_INTERVAL_MS) return false;
  return hasDeleted || elapsedMs >= DAILY_PASS_MS;
}

/**
 * True if a folded entry makes something in the log erasable: a deletion, a forgotten name, or deleted content that
 * came later.
 *
 * @param wallMs wall clock of this node, milliseconds since the Unix epoch
 */
export function leavesErasable(state: State, entry: Entry, wallMs: number): boolean {
  return entry.type === "messagesDeleted" || entry.type === "accountDeleted" ||
    entry.type === "nameForgotten" ||
    eraseEntry(state, entry, wallMs) !== entry;
}

/**
 * An entry without deleted content: the content of a message that its sender deleted or that is from or to an
 * account that is gone; the password hashes, the keys and the known addresses of such an account, and the persons of its decisions; its name, once that
 * is forgotten; the fingerprints of messages from or to it, or of a deletion of 30 days ago; and addresses that are
 * known no more. It folds to the same state as before, but for fingerprints, keys and known addresses. Its JSON is never longer than before by more than `,"digest":0`.
 *
 * @param wallMs wall clock of this node, milliseconds since the Unix epoch
 * @returns the entry itself if there is nothing to erase
 */
export function eraseEntry(state: State, entry: Entry, wallMs: number): Entry {
  switch (entry.type) {
    case "messageSent":
      if (isErased(entry) || !isMessageGone(state, entry)) return entry;
      return { ...entry, content: "", digest: 0 };
    case "messagesDeleted":
      return areFingerprintsErasable(state, entry, wallMs) ? withoutFingerprints(entry) : entry;
    case "addressKnown":
      return entry.address !== "" && isAddressErasable(state, entry, wallMs) ? withoutAddress(entry) : entry;
    case "addressKeyMade":
    case "fingerprintKeyMade":
      return entry.key !== "" && isAccountGone(state, entry.account) ? { ...entry, key: "" } : entry;
    case "accountCreated":
      return eraseAccount(state, entry);
    case "passwordChanged":
    case "passwordRehashed":
      return entry.hash !== "" && isAccountGone(state, entry.account) ? { ...entry, hash: "" } : entry;
    case "personBlocked":
    case "personUnblocked":
      return entry.person !== "" && isBlockErasable(state, entry) ? { ...entry, person: "" } : entry;
    default:
      return entry;
  }
}

function isErased({ content, digest }: MessageSent): boolean {
  return content === "" && digest === 0;
}

function areFingerprintsErasable(state: State, entry: Entry & MessagesDeleted, wallMs: number): boolean {
  if (entry.fingerprints === undefined) return false;
  return areFingerprintsExpired(entry.at ?? entry.stamp, wallMs) || isAccountGone(state, entry.sender) ||
    isAccountGone(state, entry.recipient);
}

function withoutFingerprints({ fingerprints: _erased, at: _time, ...entry }: Entry & MessagesDeleted): Entry {
  return entry;
}

/** True if the account is gone, the login was too long ago, or later ones have taken its place. */
function isAddressErasable(state: State, entry: Entry & AddressKnown, wallMs: number): boolean {
  if (isKnownAddressExpired(entry.at ?? entry.stamp, wallMs)) return true;
  const account = state.accounts.get(entry.account);
  return account !== undefined && !account.knownAddresses.some(({ digits }) => digits === entry.address);
}

function withoutAddress({ at: _time, ...entry }: Entry & AddressKnown): Entry {
  return { ...entry, address: "" };
}

function isBlockErasable(
  state: State,
  { account, person }: Pick<PersonBlocked, "account" | "person">,
): boolean {
  return isAccountGone(state, account) || isAccountGone(state, person);
}

function eraseAccount(state: State, entry: Entry & AccountCreated): Entry {
  const account = state.accounts.get(entry.account);
  const name = account?.isNameForgotten ? "" : entry.name;
  const hash = account?.deleted ? "" : entry.hash;
  return name === entry.name && hash === entry.hash ? entry : { ...entry, name, hash };
}

function isMessageGone(state: State, { from, to, id, digest }: MessageSent): boolean {
  if (digest !== undefined) return true;
  if (isAccountGone(state, from) || isAccountGone(state, to)) return true;
  const sender = state.accounts.get(from);
  const recipient = state.accounts.get(to);
  if (sender === undefined || recipient === undefined) return false;
  const message = state.messages.find(sender, recipient, id);
  if (message !== undefined) return message.deleted;
  return state.earlyMarks.get(earlyMarkKey(from, to, id))?.deleted === true;
}

function isAccountGone(state: State, account: string): boolean {
  return state.accounts.get(account)?.deleted !== undefined;
}
