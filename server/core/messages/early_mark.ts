/**
 * What was said of a message before the message itself arrived from another node.
 *
 * @module
 */

import { PROGRESS, type Progress } from "./message.ts";

/** Everything that can be known of a message without having it; each part only grows. */
export interface EarlyMark {
  progress: Progress;
  hidden: boolean;
  deleted: boolean;
}

/** Names a message by the account ids of sender and recipient and its own id. */
export function earlyMarkKey(sender: string, recipient: string, id: string): string {
  return `${sender}/${recipient}/${id}`;
}

/** Whether a key names a message from or to an account. */
export function concerns(key: string, account: string): boolean {
  const [sender, recipient] = key.split("/", 2);
  return sender === account || recipient === account;
}

/** Nothing said yet. */
export function emptyEarlyMark(): EarlyMark {
  return { progress: PROGRESS.unread, hidden: false, deleted: false };
}
