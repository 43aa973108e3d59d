/**
 * Messages that are not in memory, as they are now.
 *
 * @module
 */

import type { State } from "../state.ts";
import type { ArchivedMessage } from "./archived.ts";
import { earlyMarkKey, withMarks } from "./early_mark.ts";
import { Message } from "./message.ts";

/**
 * An archived message with the marks that came after the archive's place. It is in no list, and no later change of the
 * state reaches it.
 *
 * @returns `undefined` if it is in memory, which knows better, or if an account of it is gone
 */
export function detachedMessage(state: State, archived: ArchivedMessage): Message | undefined {
  const [sender, recipient] = [state.accounts.get(archived.sender), state.accounts.get(archived.recipient)];
  if (sender === undefined || recipient === undefined || sender.deleted || recipient.deleted) {
    return undefined;
  }
  const { id, time, origin, content } = archived;
  if (state.messages.find(sender, recipient, id) !== undefined) return undefined;
  const early = state.earlyMarks.get(earlyMarkKey(sender.id, recipient.id, id));
  const marks = early === undefined ? archived.marks : withMarks(archived.marks, early);
  const message = new Message(id, sender, recipient, time, origin, marks.deleted ? "" : content);
  message.progress = marks.progress;
  message.hidden = marks.hidden;
  message.deleted = marks.deleted;
  message.fingerprint = marks.fingerprint;
  return message;
}
