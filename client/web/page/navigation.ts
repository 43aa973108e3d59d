/**
 * The way from screen to screen: addresses, and the chat that is open.
 *
 * @module
 */

import { hasFeature } from "../../core/addressing.ts";
import type { Chat } from "../../core/chats.ts";
import type { Message } from "../../core/message.ts";
import { sameName } from "../../core/messages.ts";
import { around, hasOlder, newOpened, type Opened, PAGE, placed, up, windowOf } from "./opened.ts";
import { dispatch, focusOn, focusOnMessage, type Order } from "./orders.ts";
import { isEntered, NO_SEARCH, type Page } from "./page.ts";
import { hashOf, type Route, routeOf } from "./route.ts";

/** Goes to a screen. */
export function go(route: Route, replace = false): Order {
  return { kind: "go", hash: hashOf(route), replace };
}

/** The screen of a chat. */
export function routeOfChat({ name, account, former }: Chat): Route {
  return former && account !== undefined ? { kind: "chat", name, account } : { kind: "chat", name };
}

/** The address has changed: its screen is shown, once somebody is logged in. */
export function went(page: Page, hash: string): readonly Order[] {
  const route = routeOf(hash);
  // The page may be there already: it follows a chat that gets another name.
  const isThere = page.opened !== undefined && route.kind === "chat" && hashOf(route) === hashOf(page.route);
  page.route = route;
  page.menu = undefined;
  if (isThere) return [];
  if (isEntered(page)) return show(page);
  page.wanted = route;
  if (route.kind === "chats" && route.invitation) {
    page.login = { ...page.login, invitation: route.invitation };
  }
  return page.isTouch ? [] : [focusOn("login-name")];
}

/** The person has gone to a screen: what is read next is its name. */
const TO_HEADING: Order = focusOn("screen-name");

/** The field above each list. */
const FIELDS = { chats: "find", people: "people-filter", search: "words" } as const;

/** Somebody has logged in: the form that had the focus is gone. On a touch screen, a field would open the keyboard. */
export function toEntry({ isTouch, route: { kind } }: Page): Order {
  const list = kind === "people" || kind === "search" ? kind : "chats";
  return focusOn(isTouch ? "page-name" : FIELDS[list]);
}

/** Shows the screen of the address. */
export function show(page: Page): readonly Order[] {
  const { route } = page;
  page.nobody = undefined;
  switch (route.kind) {
    case "chats":
    case "people":
      page.list = route.kind;
      return [];
    case "search":
      page.list = "search";
      if (page.search.with !== route.with) page.search = { ...NO_SEARCH, with: route.with };
      return [];
    case "chat":
      return openChat(page, route);
    case "about":
      return [dispatch({ kind: "nodeStatus" }, "status"), TO_HEADING];
    case "settings":
      return [...askBlocked(page), TO_HEADING];
  }
}

/** Asks a node whom the account blocks: another device may have changed that. */
export function askBlocked({ model }: Page): readonly Order[] {
  return hasFeature(model, "block") ? [{ kind: "dispatch", input: { kind: "listBlocked" } }] : [];
}

/** On a touch screen, the keyboard that comes with the composer would cover half of the history. */
const TO_COMPOSER: Order = focusOn("composer");

const CLOSE_CHAT: Order = dispatch({ kind: "closeChat" });

function openChat(page: Page, { name, account }: Extract<Route, { kind: "chat" }>): readonly Order[] {
  const { model, opened, target } = page;
  const known = account === undefined ? model.chats.named(name) : model.chats.of(account);
  if (known !== undefined && known === opened?.chat && isStillRight(page, opened)) return reachTarget(page);
  page.opened = known && open(page, known);
  // Whoever has the name of an account that is gone is somebody else.
  if (known === undefined && account !== undefined) return [CLOSE_CHAT, TO_HEADING];
  const focus = target === undefined ? [page.isTouch ? TO_HEADING : TO_COMPOSER] : [];
  return [known?.former ? CLOSE_CHAT : askToOpen(known?.name ?? name), ...placeOrders(page), ...focus];
}

function askToOpen(name: string): Order {
  return dispatch({ kind: "openChat", with: name }, "opening");
}

/** True if the person may find a chat as they left it: nothing is unread, and nothing is missing. */
function isStillRight({ target }: Page, { chat, isAnswered }: Opened): boolean {
  return isAnswered && (target !== undefined || chat.unread === 0);
}

function open(page: Page, chat: Chat): Opened {
  const opened = newOpened(chat, ++page.lastNumber);
  const isCounted = page.model.namesTold;
  return { ...placed(page.model, opened, chat.unread), isAnswered: chat.former, isCounted };
}

/** Scrolls an opened chat to its place. */
function placeOrders({ opened, target }: Page): readonly Order[] {
  if (opened === undefined || target !== undefined) return [];
  return [{ kind: "scroll", target: { kind: opened.unread === undefined ? "bottom" : "unread" } }];
}

/** The core has made a chat the focused one, or has told its newest page. */
export function takeOpened(page: Page, name: string): readonly Order[] {
  const { model, opened } = page;
  const chat = model.focus;
  if (chat === undefined || !sameName(chat.name, name)) return [];
  if (opened?.chat !== chat) page.opened = open(page, chat);
  else if (opened.isAtBottom || opened.unread !== undefined) {
    const count = opened.unread?.count ?? chat.unread;
    page.opened = placed(model, opened, Math.max(count, chat.unread));
  }
  if (page.opened !== undefined) page.opened = { ...page.opened, isAnswered: true };
  return placeOrders(page);
}

/**
 * A chat in the address opens before a node has counted its unread messages, and so at its newest one: it is opened
 * once more, at the first of them, unless the person has gone elsewhere in it.
 */
export function countOpened(page: Page): readonly Order[] {
  const { model, opened, target } = page;
  if (opened === undefined || opened.isCounted || !model.namesTold) return [];
  page.opened = { ...opened, isCounted: true };
  const { chat, isAtBottom, unread } = opened;
  const isLeft = target !== undefined || !(isAtBottom || unread !== undefined);
  if (chat.unread === 0 || chat.former || isLeft) return [];
  return [askToOpen(chat.name)];
}

/** The chat of the address was not known when its screen was shown; it opens as soon as it is. */
export function openLate(page: Page): readonly Order[] {
  const { model: { chats, focus }, route, nobody } = page;
  if (route.kind !== "chat" || nobody !== undefined) return [];
  if (route.account === undefined) {
    if (focus === undefined || !sameName(focus.name, route.name)) return [];
    page.opened = open(page, focus);
    return placeOrders(page);
  }
  const chat = chats.of(route.account);
  if (chat === undefined) return [];
  page.opened = open(page, chat);
  return [...(chat.former ? [] : [askToOpen(chat.name)]), ...placeOrders(page)];
}

/** There is nobody to open a chat with. */
export function notOpened(page: Page): void {
  if (page.route.kind !== "chat") return;
  page.nobody = page.route.name;
  page.opened = undefined;
}

/** Opens the chat of a message that was found, at that message. */
export function openAt(page: Page, id: string): readonly Order[] {
  const message = page.model.messages.get(id);
  if (message === undefined || message.deleted) return [];
  page.target = { id, isAsked: false };
  const isHere = page.route.kind === "chat" && page.opened?.chat === message.chat;
  return isHere ? reachTarget(page) : [go(routeOfChat(message.chat))];
}

/** Shows the message that is looked for, or asks for the part of the history that leads to it. */
export function reachTarget(page: Page): readonly Order[] {
  const { model, opened, target, route } = page;
  // Before the address has changed, the chat may be out of sight.
  if (opened === undefined || target === undefined || route.kind !== "chat") return [];
  const message = model.messages.get(target.id);
  if (message === undefined || message.deleted) page.target = undefined;
  if (message?.chat !== opened.chat || message.deleted || !opened.isAnswered) return [];
  const history = model.messages.history(opened.chat);
  const [oldest] = history;
  if (!history.includes(message)) return oldest === undefined ? [] : askTo(page, message, oldest);
  page.target = undefined;
  page.opened = around(model, opened, message);
  const { id } = message;
  return [
    { kind: "scroll", target: { kind: "message", id } },
    focusOnMessage(id),
  ];
}

/** Asks once for everything from a message on; where that is known, the message is not there any more. */
function askTo(page: Page, { id, timestamp, chat }: Message, oldest: Message): readonly Order[] {
  const isKnown = (chat.stretch?.from ?? -Infinity) < timestamp;
  const wasAsked = page.target?.isAsked ?? false;
  page.target = isKnown ? undefined : { id, isAsked: true };
  if (isKnown || wasAsked) return [];
  const range = { with: chat.name, count: Infinity, since: timestamp, before: oldest.id };
  return [dispatch({ kind: "history", ...range }, "opening")];
}

/** Little is left above: known messages come into the document, or older ones are asked for. */
export function askOlder(page: Page): readonly Order[] {
  const { model, opened } = page;
  if (opened === undefined) return [];
  const { above, messages: [oldest] } = windowOf(model, opened);
  if (above > 0) page.opened = up(model, opened);
  const isAsked = opened.asked !== undefined || page.target !== undefined;
  if (above > 0 || oldest === undefined || isAsked || !hasOlder(opened)) return [];
  page.opened = { ...opened, asked: oldest.id };
  const range = { with: opened.chat.name, count: PAGE, before: oldest.id };
  return [dispatch({ kind: "history", ...range }, "opening")];
}
