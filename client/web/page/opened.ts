/**
 * The open chat: the part of its history that is in the document, and the place of the person in it.
 *
 * However long a history is, a bounded number of messages is in the document: 2,000 take seconds to draw.
 *
 * @module
 */

import type { Chat } from "../../core/chats.ts";
import type { Message } from "../../core/message.ts";
import { isMe, isUnread } from "../../core/messages.ts";
import type { Model } from "../../core/model.ts";

/** The most messages in the document. */
const SHOWN_MAX = 200;

/** Messages that come into the document at once, and that are asked for. */
export const PAGE = 50;

/** Messages before the first unread one, and before one that is looked for. */
const CONTEXT = 20;

/** Messages of a window that opens at one of these: a few screens, since a longer one is a while in coming. */
const OPENED_MAX = CONTEXT + PAGE;

/** The open chat. */
export interface Opened {
  /** Its number, never given twice: a history that is opened anew is another element. */
  readonly number: number;
  readonly chat: Chat;
  /** The first message in the document; undefined for the newest page. */
  readonly first: Message | undefined;
  /** The last one; undefined while the document follows the newest message. */
  readonly last: Message | undefined;
  /** True while the person is at the newest message. */
  readonly isAtBottom: boolean;
  /** The newest message when the person left the bottom. */
  readonly leftAt: Message | undefined;
  /** The first unread message that was here when the chat was opened, and how many were unread from there on. */
  readonly unread: { readonly from: Message; readonly count: number } | undefined;
  /** Id of the message that Tab leads to; undefined for the newest. */
  readonly chosen: string | undefined;
  /** Id of the message before which older ones were asked for. */
  readonly asked: string | undefined;
  /** True once the newest page was told since the chat was opened. */
  readonly isAnswered: boolean;
  /** True once a node has counted the unread messages of all chats. */
  readonly isCounted: boolean;
}

/** A part of a history. */
export interface Window {
  readonly messages: readonly Message[];
  /** Known messages above and below it. */
  readonly above: number;
  readonly below: number;
}

/** A chat that is opened now. */
export function newOpened(chat: Chat, number: number): Opened {
  return {
    number,
    chat,
    first: undefined,
    last: undefined,
    isAtBottom: true,
    leftAt: undefined,
    unread: undefined,
    chosen: undefined,
    asked: undefined,
    isAnswered: false,
    isCounted: false,
  };
}

/** The messages that are in the document. */
export function windowOf({ messages }: Model, opened: Opened): Window {
  const history = messages.history(opened.chat);
  const end = opened.last === undefined ? history.length : placeOf(history, opened.last) + 1;
  const start = opened.first === undefined ? Math.max(0, end - PAGE) : placeOf(history, opened.first);
  const from = Math.max(start, end - SHOWN_MAX);
  return { messages: history.slice(from, end), above: from, below: Math.max(0, history.length - end) };
}

/** The place of a message, or that of the next one if it is gone. */
function placeOf(history: readonly Message[], message: Message): number {
  const place = history.lastIndexOf(message);
  if (place >= 0) return place;
  const next = history.findIndex(({ timestamp }) => timestamp >= message.timestamp);
  return next < 0 ? history.length : next;
}

/** A window over the messages from one place on: at most `SHOWN_MAX`, those at its far end are let go. */
function over(opened: Opened, history: readonly Message[], start: number, end: number): Opened {
  const first = history[Math.max(0, start)];
  if (end >= history.length) return { ...opened, first, last: undefined };
  const leftAt = opened.leftAt ?? history.at(-1);
  return { ...opened, first, last: history[end - 1], isAtBottom: false, leftAt };
}

/** More messages above: known ones come into the document. */
export function up(model: Model, opened: Opened): Opened {
  const history = model.messages.history(opened.chat);
  const { messages, above } = windowOf(model, opened);
  const start = Math.max(0, above - PAGE);
  return over(opened, history, start, Math.min(above + messages.length, start + SHOWN_MAX));
}

/** More messages below. */
export function down(model: Model, opened: Opened): Opened {
  const history = model.messages.history(opened.chat);
  const { messages, above } = windowOf(model, opened);
  const end = Math.min(history.length, above + messages.length + PAGE);
  return over(opened, history, Math.max(above, end - SHOWN_MAX), end);
}

/** The window around a message of the history. */
export function around(model: Model, opened: Opened, message: Message): Opened {
  const history = model.messages.history(opened.chat);
  const place = placeOf(history, message);
  const start = Math.max(0, place - CONTEXT);
  const shown = over(opened, history, start, Math.min(history.length, start + OPENED_MAX));
  return { ...shown, chosen: message.id, isAtBottom: false, leftAt: history.at(-1) };
}

/** The newest page. */
export function atNewest(opened: Opened): Opened {
  return {
    ...opened,
    first: undefined,
    last: undefined,
    isAtBottom: true,
    leftAt: undefined,
    chosen: undefined,
  };
}

/** The place where a chat opens: at the first unread message, or at the newest one. */
export function placed(model: Model, opened: Opened, count: number): Opened {
  const history = model.messages.history(opened.chat);
  const unread = count > 0 ? history.filter((message) => isUnread(model, message)) : [];
  const [from] = unread;
  if (from === undefined) return { ...atNewest(opened), unread: undefined };
  const place = placeOf(history, from);
  const start = Math.max(0, Math.min(place - CONTEXT, history.length - PAGE));
  const shown = over(opened, history, start, Math.min(history.length, start + OPENED_MAX));
  // The line counts what is below it: older ones may be unread, and not here yet.
  const line = { from, count: Math.min(count, unread.length) };
  return { ...shown, unread: line, isAtBottom: false, leftAt: history.at(-1) };
}

/** Older messages have come: the line moves up above those of them that are unread. */
function countOlder(model: Model, opened: Opened): Opened {
  const { chat, unread } = opened;
  if (unread === undefined) return opened;
  const history = model.messages.history(chat);
  const older = history.slice(0, placeOf(history, unread.from)).filter((each) => isUnread(model, each));
  const [from] = older;
  return from === undefined ? opened : { ...opened, unread: { from, count: unread.count + older.length } };
}

/** The window after the history has changed: it never grows beyond its bound, and what one reads stays in it. */
export function followed(model: Model, opened: Opened): Opened {
  const history = model.messages.history(opened.chat);
  const arrived = opened.asked !== undefined && history[0]?.id !== opened.asked;
  const grown = arrived ? countOlder(model, up(model, { ...opened, asked: undefined })) : opened;
  if (grown.last !== undefined) return grown;
  // The page that follows the newest message begins where it began, so that nothing goes at its top unseen.
  const start = grown.first === undefined
    ? Math.max(0, history.length - PAGE)
    : placeOf(history, grown.first);
  if (history.length - start <= SHOWN_MAX) return { ...grown, first: history[start] };
  if (grown.isAtBottom) return { ...grown, first: history[history.length - SHOWN_MAX] };
  return over(grown, history, start, start + SHOWN_MAX);
}

/** True if a node may have messages older than all that are known. */
export function hasOlder({ chat, isAnswered }: Opened): boolean {
  const { from, to } = chat.stretch ?? { from: -Infinity, to: -Infinity };
  return !chat.former && from > -Infinity && (isAnswered || to === Infinity);
}

/** Messages of the other one that came since the person left the bottom. */
export function newBelow(model: Model, { chat, isAtBottom, leftAt }: Opened): number {
  if (isAtBottom || leftAt === undefined) return 0;
  const history = model.messages.history(chat);
  const behind = history.slice(placeOf(history, leftAt)).filter((message) => message !== leftAt);
  return behind.filter(({ sender }) => !isMe(model, sender)).length;
}

/** Id of the message that Tab leads to: one that is in the document, if there is any. */
export function chosenOf({ messages }: Window, { chosen }: Opened): string | undefined {
  return messages.some(({ id }) => id === chosen) ? chosen : messages.at(-1)?.id;
}
