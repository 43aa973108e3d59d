/**
 * The end of each step of the page: what follows from the model as it is now.
 *
 * @module
 */

import { inputToLook } from "../../core/looking.ts";
import { hasReached, type Message } from "../../core/message.ts";
import { isUnread } from "../../core/messages.ts";
import { EN } from "../texts/en.ts";
import { leaveFormer } from "./leaving.ts";
import { itemsOf } from "./menus.ts";
import { namesShown, peopleWanted, unreadTotal } from "./lists.ts";
import { countOpened, go, openLate, reachTarget, routeOfChat } from "./navigation.ts";
import { notifyOf } from "./notifying.ts";
import { followed } from "./opened.ts";
import { dispatch, focusOn, type Order } from "./orders.ts";
import { type Heard, isEntered, type Page } from "./page.ts";
import { hashOf } from "./route.ts";

/** Lines that are kept for people who hear the page. */
const HEARD_MAX = 5;

/** New messages that are said one by one; more of them are counted. */
const SAID_MAX = 3;

/**
 * Brings the page up to date with the model: comes after each action, and after the last news of a step.
 *
 * @returns the orders to the shell, in order
 */
export function settle(page: Page): readonly Order[] {
  const { model, connection, nowSeconds } = page;
  if (model.node !== undefined) {
    if (connection.lostAt !== undefined) page.connection = { ...connection, lostAt: undefined, tried: [] };
  } else if (connection.lostAt === undefined) page.connection = { ...connection, lostAt: nowSeconds };
  return [
    ...leaveFormer(page),
    ...followChat(page),
    ...dropGone(page),
    ...takeReceived(page),
    ...lookAt(page),
  ];
}

/** A message that was deleted takes its line, its menu and its dialog with it; the focus must not fall out. */
function dropGone(page: Page): readonly Order[] {
  const { menu, dialog } = page;
  const isMenuGone = menu !== undefined && itemsOf(page, menu.of).length === 0;
  const isDialogGone = dialog !== undefined && "id" in dialog &&
    page.model.messages.get(dialog.id)?.deleted !== false;
  const isThere = ({ of }: Heard): boolean =>
    !("id" in of) || page.model.messages.get(of.id)?.deleted === false;
  if (!page.heard.every(isThere)) page.heard = page.heard.filter(isThere);
  if (isMenuGone) page.menu = undefined;
  if (isDialogGone) page.dialog = undefined;
  const focus = focusOn("composer");
  return isMenuGone || isDialogGone ? [focus] : [];
}

/** Follows the open chat: it may have another name, be one with another chat, or have other messages. */
function followChat(page: Page): readonly Order[] {
  const { model, opened } = page;
  if (!isEntered(page)) return [];
  if (opened === undefined) return openLate(page);
  const { chat } = opened;
  const isMerged = !chat.former && model.chats.named(chat.name) !== chat;
  page.opened = followed(model, isMerged ? { ...opened, chat: model.focus ?? chat } : opened);
  return [...followName(page), ...countOpened(page), ...reachTarget(page)];
}

/** The address has the name of the open chat. */
function followName(page: Page): readonly Order[] {
  const { route, opened } = page;
  if (route.kind !== "chat" || opened === undefined) return [];
  const present = routeOfChat(opened.chat);
  if (hashOf(present) === hashOf(route)) return [];
  page.route = present;
  return [go(present, true)];
}

/** Takes the messages that came by themselves: those of others are said, and may be worth a notification. */
function takeReceived(page: Page): readonly Order[] {
  const { model, shown } = page;
  const received = model.taken > page.taken ? shown : [];
  page.taken = model.taken;
  page.shown = [];
  if (received.length === 0) return [];
  say(page, received);
  if (!page.isLooking) { for (const message of received) markMissed(page, message); }
  return notifyOf(page, received);
}

function say(page: Page, received: readonly Message[]): void {
  const said: readonly Heard["of"][] = received.length > SAID_MAX
    ? [{ kind: "many", count: received.length }]
    : received.map((message) => saidOf(page, message));
  const heard = said.map((of) => ({ number: ++page.lastNumber, of, atSeconds: page.nowSeconds }));
  page.heard = [...page.heard, ...heard].slice(-HEARD_MAX);
}

function saidOf({ opened }: Page, { id, chat, sender, content }: Message): Heard["of"] {
  if (chat !== opened?.chat) return { kind: "elsewhere", id, sender };
  return { kind: "message", id, sender, text: content };
}

/** The line above the first unread message is for a person who comes back, too. */
function markMissed(page: Page, { id }: Message): void {
  const { model, opened } = page;
  const message = model.messages.get(id);
  if (message === undefined || message.chat !== opened?.chat || !isUnread(model, message)) return;
  const { unread } = opened;
  const isGone = unread === undefined || hasReached(unread.from, "read") || unread.from.deleted;
  const next = isGone ? { from: message, count: 1 } : { ...unread, count: unread.count + 1 };
  page.opened = { ...opened, unread: next };
}

/** Tells the core which people are on the screen, if they are others than it looks at. */
function lookAt(page: Page): readonly Order[] {
  if (!isEntered(page)) return [];
  const input = inputToLook(page.model.looking, { people: peopleWanted(page), names: namesShown(page) });
  return input === undefined ? [] : [dispatch(input)];
}

/** The title of the window. */
export function titleOf(page: Page): string {
  return EN.title(isEntered(page) ? unreadTotal(page) : 0);
}
