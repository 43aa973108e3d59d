/**
 * The fold of the events about messages. Each order of arrival gives the same state: progress is a maximum, a
 * deletion is a tombstone, and the deletion of an account wins over everything.
 *
 * @module
 */

import type { Account } from "../accounts/account.ts";
import { type Change, NO_CHANGE } from "../change.ts";
import type { Entry, Place } from "../entry.ts";
import type {
  FingerprintKeyMade,
  MessagesDeleted,
  MessagesDelivered,
  MessageSent,
  MessagesHidden,
  MessagesRead,
} from "../events.ts";
import type { State } from "../state.ts";
import { Conversation } from "./conversation.ts";
import { type EarlyMark, earlyMarkKey, emptyEarlyMark, withMarks } from "./early_mark.ts";
import { type Fingerprint, keptFingerprint } from "./fingerprint.ts";
import { compareMessages, Message, PROGRESS, type Progress } from "./message.ts";
import { waits } from "./backlog.ts";

/** Stores a message. Marks on it may have arrived before it, and its content may have been erased already. */
export function foldMessageSent(state: State, entry: Entry & MessageSent): readonly Change[] {
  const sender = state.account(entry.from);
  const recipient = state.account(entry.to);
  if (sender.deleted || recipient.deleted) return NO_CHANGE;
  // The same message was accepted on both sides of a split: the earlier one counts.
  if (state.messages.find(sender, recipient, entry.id)) {
    return foldRepetition(state, entry, sender, recipient);
  }
  const message = newMessage(entry, sender, recipient);
  state.messages.add(message);
  if (!message.deleted) state.storedMessages++;
  const conversation = conversationOf(sender, recipient);
  if (message.deleted) conversation.bury(message);
  else conversation.insert(message);
  if (sender === recipient) message.progress = PROGRESS.read;
  if (message.countsAsUnread && !message.deleted) conversation.countUnread(message, 1);
  if (waits(message)) recipient.backlog.add(message);
  if (state.earlyMarks.size > 0) applyEarlyMark(state, message);
  state.residency?.changed(message);
  return message.deleted ? NO_CHANGE : [{ type: "messageStored", message }];
}

function newMessage(entry: Place & MessageSent, sender: Account, recipient: Account): Message {
  const { id, at, stamp, origin, content, digest } = entry;
  const deleted = digest !== undefined;
  const message = new Message(id, sender, recipient, at ?? stamp, origin, deleted ? "" : content);
  message.deleted = deleted;
  return message;
}

/**
 * Keeps the earlier of two acceptances of one message, with all marks on it. People know the message already,
 * so that this is no change for them.
 */
function foldRepetition(
  state: State,
  entry: Place & MessageSent,
  sender: Account,
  recipient: Account,
): readonly Change[] {
  const gone = entry.digest === undefined ? NO_CHANGE : foldMessagesDeleted(state, deletionOf(entry));
  const known = state.messages.find(sender, recipient, entry.id);
  const again = newMessage(entry, sender, recipient);
  if (known === undefined || compareMessages(again, known) >= 0) return gone;
  const { progress, hidden, deleted, fingerprint } = known;
  const mark: EarlyMark = { progress, hidden, deleted, fingerprint };
  forget(state, known);
  state.earlyMarks.set(earlyMarkKey(sender.id, recipient.id, entry.id), mark);
  foldMessageSent(state, { ...entry, type: "messageSent" });
  return gone;
}

/** The deletion that an erased message proves. */
function deletionOf({ from, to, id, stamp }: Place & MessageSent): Deletion {
  return { type: "messagesDeleted", sender: from, recipient: to, ids: [id], stamp };
}

type Deletion = MessagesDeleted & Pick<Place, "stamp">;

/** Marks messages as delivered to a client of the recipient. */
export function foldMessagesDelivered(state: State, event: MessagesDelivered): readonly Change[] {
  return foldProgress(state, event, PROGRESS.delivered);
}

/** Marks messages as read by the recipient. */
export function foldMessagesRead(state: State, event: MessagesRead): readonly Change[] {
  return foldProgress(state, event, PROGRESS.read);
}

function foldProgress(
  state: State,
  event: MessagesDelivered | MessagesRead,
  progress: Progress,
): readonly Change[] {
  const marked = markMessages(
    state,
    event,
    () => ({ progress }),
    (message) => raiseProgress(message, progress),
  );
  if (marked.ids.length === 0) return NO_CHANGE;
  const status = progress === PROGRESS.read ? "read" : "delivered";
  return [{ type: "progressMade", sender: marked.sender, reader: marked.recipient, status, ids: marked.ids }];
}

/** Raises the progress of a message. True if it grew and the message is not deleted. */
function raiseProgress(message: Message, progress: Progress): boolean {
  if (message.progress >= progress) return false;
  settling(message, () => message.progress = progress);
  return !message.deleted;
}

/**
 * Deletes messages for both sides and keeps a tombstone of each, with its fingerprint. A message that is deleted
 * already can still get the fingerprint.
 */
export function foldMessagesDeleted(state: State, event: Deletion): readonly Change[] {
  const gone = new Set<Message>();
  const early = (i: number): Partial<EarlyMark> => ({ deleted: true, fingerprint: fingerprintAt(event, i) });
  const marked = markMessages(state, event, early, (message, i) => {
    message.fingerprint = keptFingerprint(message.fingerprint, fingerprintAt(event, i));
    if (message.deleted) return false;
    deleteMessage(state, message);
    gone.add(message);
    return true;
  });
  const { sender, recipient, ids } = marked;
  if (ids.length === 0) return NO_CHANGE;
  if (gone.size > 0) conversationOf(sender, recipient).remove(gone);
  return [{ type: "messagesGone", by: sender, others: sender === recipient ? [] : [recipient], ids }];
}

/** Fingerprint of the deletion's message number `i`, from 0 on. */
function fingerprintAt({ fingerprints, at, stamp }: Deletion, i: number): Fingerprint | undefined {
  const digits = fingerprints?.[i];
  return digits === undefined ? undefined : { digits, at: at ?? stamp };
}

/** Keeps a key of the account's fingerprints, unless it was erased. */
export function foldFingerprintKeyMade(state: State, event: FingerprintKeyMade): readonly Change[] {
  const account = state.account(event.account);
  const { fingerprintKeys } = account;
  if (account.deleted || event.key === "" || fingerprintKeys.includes(event.key)) return NO_CHANGE;
  account.fingerprintKeys = [...fingerprintKeys, event.key].sort();
  return NO_CHANGE;
}

function deleteMessage(state: State, message: Message): void {
  state.storedMessages--;
  settling(message, () => {
    message.deleted = true;
    message.content = "";
  });
  conversationOf(message.sender, message.recipient).bury(message);
}

function hideMessage(message: Message): void {
  settling(message, () => message.hidden = true);
  conversationOf(message.sender, message.recipient).hid(message);
}

/** Hides messages that their recipient deleted for their own side. */
export function foldMessagesHidden(state: State, event: MessagesHidden): readonly Change[] {
  const marked = markMessages(state, event, () => ({ hidden: true }), (message) => {
    if (message.hidden) return false;
    hideMessage(message);
    return !message.deleted;
  });
  const { recipient, ids } = marked;
  return ids.length === 0 ? NO_CHANGE : [{ type: "messagesGone", by: recipient, others: [], ids }];
}

interface Marked {
  readonly sender: Account;
  readonly recipient: Account;
  /** Ids of the messages that the mark changed. */
  readonly ids: readonly string[];
}

/**
 * Marks the messages that have arrived, and keeps early marks for those that have not. `early` and `mark` get the
 * index of the message's id.
 */
function markMessages(
  state: State,
  event: MessagesDelivered | MessagesRead | MessagesDeleted | MessagesHidden,
  early: (i: number) => Partial<EarlyMark>,
  mark: (message: Message, i: number) => boolean,
): Marked {
  const sender = state.account(event.sender);
  const recipient = state.account(event.recipient);
  const ids: string[] = [];
  if (sender.deleted || recipient.deleted) return { sender, recipient, ids };
  for (const [i, id] of event.ids.entries()) {
    const message = state.messages.find(sender, recipient, id);
    if (message === undefined) {
      if (raiseEarlyMark(state, earlyMarkKey(sender.id, recipient.id, id), id, early(i))) ids.push(id);
      continue;
    }
    if (mark(message, i)) ids.push(id);
    state.residency?.changed(message);
  }
  return { sender, recipient, ids };
}

/** Changes a message and keeps the recipient's unread count and backlog in step. */
function settling(message: Message, change: () => void): void {
  const { recipient } = message;
  const unread = message.countsAsUnread && !message.deleted;
  const waiting = waits(message);
  change();
  if (unread && (!message.countsAsUnread || message.deleted)) {
    conversationOf(message.sender, recipient).countUnread(message, -1);
  }
  if (waiting && !waits(message)) recipient.backlog.settle();
}

/** Raises an early mark; returns true if that takes a message away which has left memory, or perhaps never was here. */
function raiseEarlyMark(state: State, key: string, id: string, said: Partial<EarlyMark>): boolean {
  const known = state.earlyMarks.get(key) ?? emptyEarlyMark();
  const raised = withMarks(known, said);
  state.earlyMarks.set(key, raised);
  if (!state.evicted.mayHave(id)) return false;
  state.residency?.marked(key, raised.deleted);
  if (raised.deleted && !known.deleted) state.storedMessages--;
  return raised.deleted && !known.deleted || raised.hidden && !known.hidden;
}

function applyEarlyMark(state: State, message: Message): void {
  const key = earlyMarkKey(message.sender.id, message.recipient.id, message.id);
  const mark = state.earlyMarks.get(key);
  if (mark === undefined) return;
  state.earlyMarks.delete(key);
  raiseProgress(message, mark.progress);
  if (mark.hidden) hideMessage(message);
  message.fingerprint = keptFingerprint(message.fingerprint, mark.fingerprint);
  if (!mark.deleted || message.deleted) return;
  deleteMessage(state, message);
  conversationOf(message.sender, message.recipient).remove(new Set([message]));
}

/** Removes a message from the index, its conversation, the unread count and the backlog. */
function forget(state: State, message: Message): void {
  const { sender, recipient } = message;
  const conversation = conversationOf(sender, recipient);
  settling(message, () => message.hidden = true);
  state.messages.remove(message);
  if (!message.deleted) state.storedMessages--;
  conversation.remove(new Set([message]));
  conversation.forget(message);
}

/** The conversation between two accounts; creates it if there is none. */
function conversationOf(a: Account, b: Account): Conversation {
  const known = a.conversations.get(b.id);
  if (known) return known;
  const conversation = new Conversation(a, b);
  a.conversations.set(b.id, conversation);
  b.conversations.set(a.id, conversation);
  return conversation;
}
