/**
 * Actions in the open chat: its history, its messages, its composer.
 *
 * @module
 */

import { CLIENT_LIMITS } from "../../../common/client_limits.ts";
import { utf8Bytes } from "../../../common/wire/bytes.ts";
import type { Chat } from "../../core/chats.ts";
import type { Message } from "../../core/message.ts";
import { SAVED_TEXT_BYTES } from "../../core/saved_parts.ts";
import type { Action } from "./actions.ts";
import { askOlder } from "./navigation.ts";
import { atNewest, chosenOf, down, windowOf } from "./opened.ts";
import { dispatch, focusOn, focusOnMessage, type Order, SCROLL_TO_BOTTOM } from "./orders.ts";
import type { Page } from "./page.ts";

type Of<Kind extends Action["kind"]> = Extract<Action, { kind: Kind }>;

/** The text in the composer of a chat. A draft that has come back meanwhile stands before a long text. */
export function textOf({ longTexts }: Page, chat: Chat): string {
  return [chat.draft, longTexts.get(chat)].filter((text) => text).join("\n");
}

/** The texts of the fields that the page itself changes, and the chat of the composer. */
export function fieldsOf(page: Page): readonly unknown[] {
  const { find, opened } = page;
  return [find, opened?.chat, opened && textOf(page, opened.chat)];
}

/** Bytes by which the text of a chat is too long to be sent; 0 if it fits. */
export function excessOf(page: Page, chat: Chat): number {
  return Math.max(0, utf8Bytes(textOf(page, chat)) - CLIENT_LIMITS.contentBytes);
}

/** True if the text of a chat can be sent. */
export function canSend(page: Page, chat: Chat): boolean {
  return textOf(page, chat).trim() !== "" && excessOf(page, chat) === 0;
}

/** The person has typed: the text is a draft, unless it is too long even for that. */
export function typed(page: Page, { text }: Of<"typed">): readonly Order[] {
  const { opened, longTexts } = page;
  if (opened === undefined) return [];
  const { chat } = opened;
  longTexts.delete(chat);
  const isLong = utf8Bytes(text) > SAVED_TEXT_BYTES;
  if (isLong) longTexts.set(chat, text);
  // An older draft must not come back in the place of the long text.
  return [dispatch({ kind: "draft", chat, text: isLong ? "" : text })];
}

/** Sends the text of the open chat. */
export function send(page: Page): readonly Order[] {
  const { opened } = page;
  if (opened === undefined || !canSend(page, opened.chat)) return [];
  page.opened = { ...atNewest(opened), unread: undefined };
  return [
    { kind: "send", chat: opened.chat, text: textOf(page, opened.chat) },
    SCROLL_TO_BOTTOM,
    focusOn("composer"),
  ];
}

/** Little is left above. */
export function nearTop(page: Page): readonly Order[] {
  return askOlder(page);
}

/** Little is left below. */
export function nearEnd(page: Page): readonly Order[] {
  const { model, opened } = page;
  if (opened?.last !== undefined) page.opened = down(model, opened);
  return [];
}

/** The person is at the end of the document, or has left it. */
export function atBottom(page: Page, { isAtBottom }: Of<"atBottom">): readonly Order[] {
  const { model, opened } = page;
  if (opened === undefined) return [];
  const isThere = isAtBottom && opened.last === undefined;
  if (isThere === opened.isAtBottom) return [];
  page.opened = {
    ...opened,
    isAtBottom: isThere,
    leftAt: isThere ? undefined : model.messages.last(opened.chat),
  };
  return [];
}

/** To the newest message. */
export function toBottom(page: Page): readonly Order[] {
  if (page.opened === undefined) return [];
  page.opened = atNewest(page.opened);
  return [SCROLL_TO_BOTTOM];
}

/** A message is the one that Tab leads to. */
export function chooseMessage(page: Page, { id, moves }: Of<"chooseMessage">): readonly Order[] {
  if (page.opened === undefined) return [];
  page.opened = { ...page.opened, chosen: id };
  return moves ? [focusOnMessage(id)] : [];
}

/** From message to message. */
export function stepMessage(page: Page, { by }: Of<"stepMessage">): readonly Order[] {
  const { model, opened } = page;
  if (opened === undefined) return [];
  const window = windowOf(model, opened);
  const chosen = chosenOf(window, opened);
  const place = window.messages.findIndex(({ id }) => id === chosen) + by;
  if (place < 0) return askOlder(page);
  if (place >= window.messages.length && opened.last !== undefined) return nearEnd(page);
  return chooseAt(page, window.messages[place]);
}

/** To the first message in the document; there, older ones are asked for. */
export function firstMessage(page: Page): readonly Order[] {
  if (page.opened === undefined) return [];
  const [first] = windowOf(page.model, page.opened).messages;
  return [...chooseAt(page, first), ...askOlder(page)];
}

/** To the newest message of the history. */
export function lastMessage(page: Page): readonly Order[] {
  if (page.opened === undefined) return [];
  const last = page.model.messages.history(page.opened.chat).at(-1);
  if (last === undefined) return [];
  page.opened = atNewest(page.opened);
  return [SCROLL_TO_BOTTOM, ...chooseAt(page, last)];
}

function chooseAt(page: Page, message: Message | undefined): readonly Order[] {
  return message === undefined
    ? []
    : chooseMessage(page, { kind: "chooseMessage", id: message.id, moves: true });
}

/** Copies the text of a message. */
export function copy({ model }: Page, { id }: Of<"copy">): readonly Order[] {
  const message = model.messages.get(id);
  return message === undefined ? [] : [{ kind: "copy", text: message.content }];
}

/** Takes a message that was not sent back into the composer. */
export function edit(_page: Page, { id }: Of<"edit">): readonly Order[] {
  return [dispatch({ kind: "edit", id }), focusOn("composer")];
}
