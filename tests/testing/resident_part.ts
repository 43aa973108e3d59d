/**
 * The part of an archive in memory that a start loads: what `residentRows` of `server/archive/` reads out of tables.
 *
 * @module
 */

import { accountRecord, loadAccount, showLoadedNames } from "../../server/core/accounts/account_record.ts";
import type { ArchivedMessage } from "../../server/core/messages/archived.ts";
import type { Conversation } from "../../server/core/messages/conversation.ts";
import type { EarlyMark } from "../../server/core/messages/early_mark.ts";
import { loadConversation, loadUnread } from "../../server/core/messages/loaded_message.ts";
import type { Message } from "../../server/core/messages/message.ts";
import { bringBack } from "../../server/core/messages/returning.ts";
import type { Slices } from "../../server/core/slices.ts";
import { wallMicroseconds } from "../../server/core/stamp.ts";
import type { State } from "../../server/core/state.ts";

/** What is loaded. Its parts are read one after the other, in this order. */
export interface ResidentPart {
  /** The fold of the archive: accounts, tokens and the version are those of it. */
  readonly state: State;
  readonly conversations: () => readonly Conversation[];
  /** Messages that are not read, hidden or deleted. */
  readonly unread: () => readonly Message[];
  /** Tombstones whose content is still in the log. */
  readonly tombstones: () => readonly ArchivedMessage[];
  readonly earlyMarks: () => readonly (readonly [string, EarlyMark])[];
  /** Time of the newest message that was ever folded, microseconds since the Unix epoch; -1 if there is none. */
  readonly newest: number;
}

/** Loads it into an empty state. @param wallMs wall clock, milliseconds since the Unix epoch */
export function* loadPart(part: ResidentPart, state: State, wallMs: number): Slices<void> {
  loadVersion(part.state, state);
  for (const account of part.state.accounts.values()) {
    const loaded = state.account(account.id);
    loadAccount(state, loaded, accountRecord(account));
    loaded.knownAddresses = account.knownAddresses;
    for (const { day, bytes } of account.stored.days) loaded.stored.add(day, bytes);
  }
  showLoadedNames(state);
  loadTokens(part.state, state);
  for (const { hash, made, revoked } of part.state.invitations.values()) {
    Object.assign(state.invitation(hash), { made, revoked });
  }
  const conversations = new Map<Conversation, Conversation>();
  for (const each of part.conversations()) {
    const sides = [state.account(each.first.id), state.account(each.second.id)] as const;
    conversations.set(each, loadConversation(...sides, archivedUntil(each, part, wallMicroseconds(wallMs))));
  }
  yield conversations.size;
  for (const message of part.unread()) {
    const conversation = conversationOf(conversations, message);
    if (conversation === undefined) continue;
    loadUnread(state, conversation, {
      ...message,
      isFromFirst: message.sender.id === conversation.first.id,
    });
  }
  bringBack(state, part.tombstones());
  for (const [key, mark] of part.earlyMarks()) state.earlyMarks.set(key, { ...mark });
}

function loadVersion(from: State, state: State): void {
  state.position = from.position;
  state.storedMessages = from.storedMessages;
  state.evicted.lackIds();
  for (const [origin, reached] of from.version) {
    state.version.set(origin, reached);
    state.stamp = Math.max(state.stamp, reached.stamp);
  }
  state.latestDeletion = from.latestDeletion;
}

function loadTokens(from: State, state: State): void {
  for (const token of from.tokens.values()) {
    const account = state.account(token.account.id);
    const loaded = { ...token, account };
    state.tokens.set(loaded.hash, loaded);
    account.tokens.add(loaded);
  }
  for (const [hash, stamp] of from.tokenUses) state.tokenUses.set(hash, stamp);
  for (const hash of from.revoked.hashes()) state.revoked.add(hash, from.revoked.issued(hash));
}

/** One time does for all conversations, unless a clock was ahead once. @param now microseconds since the Unix epoch */
function archivedUntil({ messages, deleted }: Conversation, { newest }: ResidentPart, now: number): number {
  if (newest <= now) return newest;
  return [...messages, ...deleted].reduce((latest, { time }) => Math.max(latest, time), now);
}

function conversationOf(
  conversations: ReadonlyMap<Conversation, Conversation>,
  { sender, recipient }: Message,
): Conversation | undefined {
  const archived = sender.conversations.get(recipient.id);
  return archived && conversations.get(archived);
}
