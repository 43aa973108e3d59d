/**
 * The end of each step of the page: what follows from the model as it is now.
 *
 * @module
 */

import { inputToLook } from "../../core/looking.ts";
import { hasReached, type Message } from "../../core/message.ts";
import { isUnread, sameName } from "../../core/messages.ts";
import { EN } from "../texts/en.ts";
import { itemsOf } from "./menus.ts";
import { namesShown, peopleWanted, unreadTotal } from "./lists.ts";
import { countOpened, go, openedAnew, reachTarget, routeOfChat } from "./navigation.ts";
import { followed } from "./opened.ts";
import type { Order } from "./orders.ts";
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
  if (model.loggedIn) page.refusal = undefined;
  return [...followChat(page), ...dropGone(page), ...takeReceived(page), ...lookAt(page)];
}

/** A message that was deleted elsewhere takes its menu and its dialog with it; the focus must not fall out. */
function dropGone(page: Page): readonly Order[] {
  const { menu, dialog } = page;
  const isMenuGone = menu !== undefined && itemsOf(page, menu.of).length === 0;
  const isDialogGone = dialog !== undefined && "id" in dialog &&
    page.model.messages.get(dialog.id)?.deleted !== false;
  if (isMenuGone) page.menu = undefined;
  if (isDialogGone) page.dialog = undefined;
  const focus = { kind: "focus", target: { kind: "element", id: "composer" } } as const;
  return isMenuGone || isDialogGone ? [focus] : [];
}

/** Follows the open chat: it may have another name, be one with another chat, or have other messages. */
function followChat(page: Page): readonly Order[] {
  const { model, route, opened } = page;
  if (!isEntered(page)) return [];
  if (opened === undefined) {
    const isWanted = route.kind === "chat" && page.nobody === undefined && route.account === undefined;
    return isWanted && sameName(model.focus?.name, route.name) ? openedAnew(page) : [];
  }
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
  if (page.isLooking) return [];
  for (const message of received) markMissed(page, message);
  return notify(page, received);
}

function say(page: Page, received: readonly Message[]): void {
  const said: readonly Heard["of"][] = received.length > SAID_MAX
    ? [{ kind: "many", count: received.length }]
    : received.map((message) => saidOf(page, message));
  const heard = said.map((of) => ({ number: ++page.lastNumber, of }));
  page.heard = [...page.heard, ...heard].slice(-HEARD_MAX);
}

function saidOf({ opened }: Page, { chat, sender, content }: Message): Heard["of"] {
  return chat === opened?.chat ? { kind: "message", sender, text: content } : { kind: "elsewhere", sender };
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

function notify(page: Page, received: readonly Message[]): readonly Order[] {
  const { model, settings: { notifications }, isPermitted } = page;
  const unread = received.filter(({ id }) => {
    const message = model.messages.get(id);
    return message !== undefined && isUnread(model, message);
  });
  const newest = unread.at(-1);
  if (newest === undefined || notifications === "off" || !isPermitted) return [];
  const isOne = unread.length === 1;
  const title = isOne ? newest.sender : EN.newMessages(unread.length);
  const body = notifications === "withText" && isOne ? newest.content : isOne ? EN.newMessages(1) : "";
  const hash = hashOf(routeOfChat(newest.chat));
  return [{ kind: "notify", notification: { tag: newest.id, title, body, hash } }];
}

/** Tells the core which people are on the screen, if they are others than it looks at. */
function lookAt(page: Page): readonly Order[] {
  if (!isEntered(page)) return [];
  const input = inputToLook(page.model.looking, { people: peopleWanted(page), names: namesShown(page) });
  return input === undefined ? [] : [{ kind: "dispatch", input }];
}

/** The title of the window. */
export function titleOf(page: Page): string {
  return EN.title(isEntered(page) ? unreadTotal(page) : 0);
}
