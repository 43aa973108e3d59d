/**
 * The traces of deletion in the log, and the time to erase them (`proto/log_format.md`, section 10).
 *
 * @module
 */

import type { Entry } from "./entry.ts";
import type { MessageSent } from "./events.ts";
import { contentDigest } from "./messages/message.ts";
import type { State } from "./state.ts";

/**
 * Least time between two passes, ms: an hour. A pass reads the whole log but for its last segment, so it should
 * be rare; and deleted content should not stay for a day. The segment that is being written is reached
 * by the pass after next: content is gone about two hours after its deletion.
 */
export const COMPACTION_INTERVAL_MS = 3_600_000;

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
  return elapsedMs >= COMPACTION_INTERVAL_MS && !readOnly && (hasDeleted || hasSealed);
}

/** True if a folded entry makes something in the log erasable: a deletion, or deleted content that came later. */
export function leavesErasable(state: State, entry: Entry): boolean {
  return entry.type === "messagesDeleted" || entry.type === "accountDeleted" ||
    eraseEntry(state, entry) !== entry;
}

/**
 * An entry without deleted content: the content of a message that its sender deleted or that is from or to
 * an account that is gone, and the password hashes of such an account. It folds to the same state as before.
 *
 * @returns the entry itself if there is nothing to erase
 */
export function eraseEntry(state: State, entry: Entry): Entry {
  switch (entry.type) {
    case "messageSent":
      if (entry.digest !== undefined || !isMessageGone(state, entry)) return entry;
      return { ...entry, content: "", digest: contentDigest(entry.content) };
    case "accountCreated":
    case "passwordChanged":
    case "passwordRehashed":
      return entry.hash !== "" && isAccountGone(state, entry.account) ? { ...entry, hash: "" } : entry;
    default:
      return entry;
  }
}

function isMessageGone(state: State, { from, to, id }: MessageSent): boolean {
  if (isAccountGone(state, from) || isAccountGone(state, to)) return true;
  const sender = state.accounts.get(from);
  const recipient = state.accounts.get(to);
  if (sender === undefined || recipient === undefined) return false;
  return state.messages.find(sender, recipient, id)?.deleted === true;
}

function isAccountGone(state: State, account: string): boolean {
  return state.accounts.get(account)?.deleted !== undefined;
}
