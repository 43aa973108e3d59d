/**
 * Early marks: facts about a message that arrive from another node before the message does.
 *
 * @module
 */

import { type Fingerprint, keptFingerprint } from "./fingerprint.ts";
import { PROGRESS, type Progress } from "./message.ts";

/** The marks that a message has collected before its arrival. Each of them only grows. */
export interface EarlyMark {
  progress: Progress;
  hidden: boolean;
  deleted: boolean;
  fingerprint: Fingerprint | undefined;
}

/** Key of a message: the account ids of sender and recipient, and the message id. */
export function earlyMarkKey(sender: string, recipient: string, id: string): string {
  return `${sender}/${recipient}/${id}`;
}

/** The message id of a key. Account ids have no slash, but a message id may. */
export function messageIdOf(key: string): string {
  return key.slice(key.indexOf("/", key.indexOf("/") + 1) + 1);
}

/** True if a key names a message from or to an account. */
export function concerns(key: string, account: string): boolean {
  const [sender, recipient] = key.split("/", 2);
  return sender === account || recipient === account;
}

/** An early mark without any facts. */
export function emptyEarlyMark(): EarlyMark {
  return { progress: PROGRESS.unread, hidden: false, deleted: false, fingerprint: undefined };
}

/** The marks together with those of one more event. */
export function withMarks(mark: EarlyMark, said: Partial<EarlyMark>): EarlyMark {
  return {
    progress: said.progress === undefined || said.progress < mark.progress ? mark.progress : said.progress,
    hidden: mark.hidden || said.hidden === true,
    deleted: mark.deleted || said.deleted === true,
    fingerprint: keptFingerprint(mark.fingerprint, said.fingerprint),
  };
}
