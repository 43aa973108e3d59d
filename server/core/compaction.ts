/**
 * The traces of deletion in the log, and the time to erase them (`proto/log_format.md`, section 10).
 *
 * @module
 */

import type { Account } from "./accounts/account.ts";
import type { Entry } from "./entry.ts";
import type { AccountCreated, MessagesDeleted, MessageSent } from "./events.ts";
import { areFingerprintsExpired } from "./messages/fingerprint.ts";
import { stampMs } from "./stamp.ts";
import type { State } from "./state.ts";
import type { Version } from "./version.ts";

/**
 * Least time between two passes, ms: an hour. A pass reads the whole log but for its last segment, so it should
 * be rare; and deleted content should not stay for a day. The segment that is being written is reached
 * by the pass after next: content is gone about two hours after its deletion.
 */
export const COMPACTION_INTERVAL_MS = 3_600_000;

/**
 * Greatest time between two passes, ms: a day. Time makes fingerprints erasable, and other nodes make names
 * erasable, without an entry that says so.
 */
const DAILY_PASS_MS = 86_400_000;

/** Nodes whose clocks are further apart do not speak to each other, ms. */
const CLOCKS_APART_MS_MAX = 60_000;

/** The facts beside the state that decide about the erasure of an entry. */
export interface Erasing {
  /** Wall clock of this node, milliseconds since the Unix epoch. */
  readonly wallMs: number;
  /**
   * A version that every node has on its disk. Everything that any of them had by the time when that was so is
   * here too: whatever arrives from now on was made with the knowledge of this version.
   */
  readonly settled: Version;
}

/** The facts that decide about a pass. */
export interface CompactionNeed {
  /** Since the last pass began, or else since the start of the node, ms. */
  readonly elapsedMs: number;
  /** True while the disk is full. */
  readonly readOnly: boolean;
  /** True if anything that can be erased came into the log since the last pass began. */
  readonly hasDeleted: boolean;
  /** True if a segment was sealed that the last pass could not reach. */
  readonly hasSealed: boolean;
}

/** True if it is time for a pass. */
export function isCompactionDue({ elapsedMs, readOnly, hasDeleted, hasSealed }: CompactionNeed): boolean {
  if (readOnly || elapsedMs < COMPACTION_INTERVAL_MS) return false;
  return hasDeleted || hasSealed || elapsedMs >= DAILY_PASS_MS;
}

/** True if a folded entry makes something in the log erasable: a deletion, or deleted content that came later. */
export function leavesErasable(state: State, entry: Entry, erasing: Erasing): boolean {
  return entry.type === "messagesDeleted" || entry.type === "accountDeleted" ||
    eraseEntry(state, entry, erasing) !== entry;
}

/**
 * An entry without deleted content: the content of a message that its sender deleted or that is from or to an
 * account that is gone; the password hashes, the name and the fingerprint key of such an account; and the fingerprints of
 * messages from or to it, or of a deletion of 30 days ago. It folds to the same state as before, but for
 * fingerprints and keys. Its JSON is never longer than before by more than `,"digest":0`.
 *
 * @returns the entry itself if there is nothing to erase
 */
export function eraseEntry(state: State, entry: Entry, erasing: Erasing): Entry {
  switch (entry.type) {
    case "messageSent":
      if (isErased(entry) || !isMessageGone(state, entry)) return entry;
      return { ...entry, content: "", digest: 0 };
    case "messagesDeleted":
      return areFingerprintsErasable(state, entry, erasing.wallMs) ? withoutFingerprints(entry) : entry;
    case "fingerprintKeyMade":
      return entry.key !== "" && isAccountGone(state, entry.account) ? { ...entry, key: "" } : entry;
    case "accountCreated":
      return eraseAccount(state, entry, erasing);
    case "passwordChanged":
    case "passwordRehashed":
      return entry.hash !== "" && isAccountGone(state, entry.account) ? { ...entry, hash: "" } : entry;
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

function eraseAccount(state: State, entry: Entry & AccountCreated, erasing: Erasing): Entry {
  const account = state.accounts.get(entry.account);
  if (account?.deleted === undefined) return entry;
  const name = isNameErasable(account, erasing) ? "" : entry.name;
  return entry.hash === "" && name === entry.name ? entry : { ...entry, name, hash: "" };
}

/**
 * True if the name of a deleted account can decide on no displayed name any more: on none of today, and, since its
 * deletion is settled and in the past of every clock, on none of an account that arrives later.
 */
function isNameErasable({ deleted, isNameNeeded }: Account, { wallMs, settled }: Erasing): boolean {
  if (deleted === undefined || isNameNeeded) return false;
  const reached = settled.get(deleted.origin)?.stamp ?? 0;
  return deleted.stamp <= reached && stampMs(deleted.stamp) + CLOCKS_APART_MS_MAX <= wallMs;
}

function isMessageGone(state: State, { from, to, id, digest }: MessageSent): boolean {
  if (digest !== undefined) return true;
  if (isAccountGone(state, from) || isAccountGone(state, to)) return true;
  const sender = state.accounts.get(from);
  const recipient = state.accounts.get(to);
  if (sender === undefined || recipient === undefined) return false;
  return state.messages.find(sender, recipient, id)?.deleted === true;
}

function isAccountGone(state: State, account: string): boolean {
  return state.accounts.get(account)?.deleted !== undefined;
}
