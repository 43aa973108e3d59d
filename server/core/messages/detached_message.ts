/**
 * Messages that have left memory, as they are now.
 *
 * @module
 */

import type { Account } from "../accounts/account.ts";
import type { State } from "../state.ts";
import type { ArchivedMessage } from "./archived.ts";
import { waits } from "./backlog.ts";
import { earlyMarkKey, withMarks } from "./early_mark.ts";
import { Message } from "./message.ts";

/**
 * An archived message with the marks that came after the archive's place. It is in no list, and no later change of the
 * state reaches it.
 *
 * @returns `undefined` if it is in memory, which knows better, if it never was, or if an account of it is gone
 */
export function detachedMessage(state: State, archived: ArchivedMessage): Message | undefined {
  const [sender, recipient] = [state.accounts.get(archived.sender), state.accounts.get(archived.recipient)];
  if (sender === undefined || recipient === undefined || sender.deleted || recipient.deleted) {
    return undefined;
  }
  const { id, time, origin, content } = archived;
  if (!state.evicted.mayHave(id) || state.messages.find(sender, recipient, id) !== undefined) {
    return undefined;
  }
  const early = state.earlyMarks.get(earlyMarkKey(sender.id, recipient.id, id));
  const marks = early === undefined ? archived.marks : withMarks(archived.marks, early);
  const message = new Message(id, sender, recipient, time, origin, marks.deleted ? "" : content);
  message.progress = marks.progress;
  message.hidden = marks.hidden;
  message.deleted = marks.deleted;
  message.fingerprint = marks.fingerprint;
  return message;
}

/** The message in memory that the archive has too; `undefined` if it has left memory, or is gone. */
export function residentMessage(
  { accounts, messages }: State,
  { sender, recipient, id }: Pick<ArchivedMessage, "sender" | "recipient" | "id">,
): Message | undefined {
  const [from, to] = [accounts.get(sender), accounts.get(recipient)];
  return from && to && messages.find(from, to, id);
}

/** True if an account sees a message no more; it may have left memory since it was looked up. */
export function isGone(state: State, message: Message, account: Account): boolean {
  const { sender, recipient, id } = message;
  if (message.isGoneFor(account)) return true;
  const resident = state.messages.find(sender, recipient, id);
  if (resident !== undefined) return resident.isGoneFor(account);
  const mark = state.earlyMarks.get(earlyMarkKey(sender.id, recipient.id, id));
  return mark !== undefined && (mark.deleted || mark.hidden && account === recipient && sender !== recipient);
}

/** Brings a message back into memory, where changes reach it. Returns the one that is there already, if there is one. */
export function broughtBack(state: State, message: Message): Message {
  const { sender, recipient, id } = message;
  const resident = state.messages.find(sender, recipient, id);
  if (resident !== undefined) return resident;
  const conversation = sender.conversations.get(recipient.id);
  state.messages.add(message);
  conversation?.bringBack(message);
  if (message.countsAsUnread && !message.deleted) conversation?.countUnread(message, 1);
  if (waits(message)) recipient.backlog.add(message);
  state.residency?.changed(message);
  return message;
}
