/**
 * The rows of a history: messages in groups, under the headings of their days.
 *
 * @module
 */

import type { Message } from "../../core/message.ts";
import { isMe, sameName } from "../../core/messages.ts";
import { type Opened, type Window, windowOf } from "./opened.ts";
import type { Page } from "./page.ts";

/** Time within which the messages of one sender are a group, seconds. */
const GROUP_SECONDS = 5 * 60;

/** A row of a history. */
export type HistoryRow =
  | { readonly kind: "day"; readonly key: string; readonly timestamp: number }
  /** So many unread messages begin here. */
  | { readonly kind: "unread"; readonly key: string; readonly count: number }
  | {
    readonly kind: "message";
    readonly key: string;
    readonly message: Message;
    readonly isOwn: boolean;
    /** The first of a group shows sender and time. */
    readonly begins: boolean;
    /** True for the newest own message: its state is shown in words. */
    readonly isLastOwn: boolean;
  };

/** The rows of the messages that are in the document. */
export function historyRows(page: Page, opened: Opened): readonly HistoryRow[] {
  const { messages } = windowOf(page.model, opened);
  const lastOwn = messages.findLast(({ sender }) => isMe(page.model, sender));
  return messages.flatMap((message, index) => {
    const before = messages[index - 1];
    const day = dayRow(page, message, before);
    const unread = unreadRow(opened, message);
    const begins = day.length + unread.length > 0 || beginsGroup(messages, index);
    const isOwn = isMe(page.model, message.sender);
    const row: HistoryRow = {
      kind: "message",
      key: message.id,
      message,
      isOwn,
      begins,
      isLastOwn: message === lastOwn,
    };
    return [...day, ...unread, row];
  });
}

function dayRow(
  { formats }: Page,
  { timestamp }: Message,
  before: Message | undefined,
): readonly HistoryRow[] {
  const key = formats.dayKey(timestamp);
  if (before !== undefined && formats.dayKey(before.timestamp) === key) return [];
  return [{ kind: "day", key: `day ${key}`, timestamp }];
}

function unreadRow({ unread }: Opened, message: Message): readonly HistoryRow[] {
  if (unread === undefined || unread.from !== message) return [];
  return [{ kind: "unread", key: "unread", count: unread.count }];
}

/** A group ends with another sender, after a pause, and after its time. */
function beginsGroup(messages: Window["messages"], index: number): boolean {
  const message = messages[index];
  const before = messages[index - 1];
  if (message === undefined || before === undefined || !sameName(before.sender, message.sender)) return true;
  const slot = Math.floor(message.timestamp / GROUP_SECONDS);
  const isPause = message.timestamp - before.timestamp > GROUP_SECONDS;
  return isPause || slot !== Math.floor(before.timestamp / GROUP_SECONDS);
}
