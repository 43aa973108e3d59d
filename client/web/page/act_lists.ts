/**
 * Actions of the lists: chats, people, search.
 *
 * @module
 */

import { CLIENT_LIMITS } from "../../../common/client_limits.ts";
import { sameName } from "../../core/messages.ts";
import type { Action } from "./actions.ts";
import { chatRows, keyOf } from "./lists.ts";
import { closeMenu } from "./menus.ts";
import { go, openAt as openMessage, routeOfChat } from "./navigation.ts";
import { dispatch, type Order } from "./orders.ts";
import { type Page, ROWS_SHOWN } from "./page.ts";

type Of<Kind extends Action["kind"]> = Extract<Action, { kind: Kind }>;

/** Messages of a page of found ones. */
const FOUND = 20;

/** A chat is being looked for. */
export function findTyped(page: Page, { text }: Of<"findTyped">): readonly Order[] {
  page.find = text;
  page.chatsShown = ROWS_SHOWN;
  return [];
}

/** People are being looked for. */
export function peopleTyped(page: Page, { text }: Of<"peopleTyped">): readonly Order[] {
  page.peopleFilter = text;
  return firstPeople(page);
}

/** More people: in the same page until it is full, then in the next one. */
export function morePeople(page: Page): readonly Order[] {
  const { usersPageMax } = CLIENT_LIMITS;
  const isFull = page.peopleShown >= usersPageMax;
  page.peopleShown = Math.min(usersPageMax, 2 * page.peopleShown);
  if (isFull) page.peopleAfter = page.model.people.rows.at(-1)?.name;
  return [];
}

/** Back to the first page of people. */
export function firstPeople(page: Page): readonly Order[] {
  page.peopleShown = ROWS_SHOWN;
  page.peopleAfter = undefined;
  return [];
}

/** Opens the chat of the name that is typed, or else the first that is found; a node may know a name that is not listed yet. */
export function openFirst(page: Page): readonly Order[] {
  const typed = page.find.trim();
  if (typed === "") return [];
  const { chats } = chatRows(page);
  const { rows: people } = page.model.people;
  page.find = "";
  const chat = chats.find(({ name }) => sameName(name, typed));
  if (chat !== undefined) return [go(routeOfChat(chat))];
  const person = people.find(({ name }) => sameName(name, typed));
  if (person === undefined && chats[0] !== undefined) return [go(routeOfChat(chats[0]))];
  return [go({ kind: "chat", name: person?.name ?? people[0]?.name ?? typed })];
}

/** The chat above or below the open one, in the order of the list. */
export function stepChat(page: Page, { by, unreadOnly }: Of<"stepChat">): readonly Order[] {
  const { model, opened } = page;
  const { chats } = model.messages;
  const place = opened === undefined ? -1 : chats.indexOf(opened.chat);
  const others = by > 0 ? chats.slice(place + 1) : chats.slice(0, Math.max(0, place)).toReversed();
  const next = others.find(({ unread }) => unread > 0 || !unreadOnly);
  return next === undefined ? [] : [go(routeOfChat(next))];
}

/** Marks everything of a chat as read. */
export function markRead(page: Page, { key }: Of<"markRead">): readonly Order[] {
  page.menu = undefined;
  const chat = page.model.messages.chats.find((each) => keyOf(each) === key);
  if (chat === undefined || chat.former) return [];
  return [dispatch({ kind: "markRead", with: chat.name })];
}

/** Blocks the person of the open chat, or accepts them again. */
export function block(page: Page, { blocked }: Of<"block">): readonly Order[] {
  const name = page.opened?.chat.name ?? "";
  return [...closeMenu(page), { kind: "dispatch", input: { kind: "block", name, blocked } }];
}

/** Words to search for were typed. */
export function wordsTyped(page: Page, { text }: Of<"wordsTyped">): readonly Order[] {
  page.search = { ...page.search, typed: text };
  return [];
}

/** Searches for the words. */
export function searchSubmitted(page: Page): readonly Order[] {
  const { typed, with: name } = page.search;
  const words = typed.trim();
  if (words === "") return [];
  const asked = { words, with: name };
  page.search = { ...page.search, asked, isBusy: true, found: [], hasMore: false, failure: undefined };
  return [dispatch({ kind: "search", ...asked, count: FOUND }, "search")];
}

/** Goes on with the search, behind the last message that was found. */
export function searchOn(page: Page): readonly Order[] {
  const { asked, found, isBusy } = page.search;
  if (asked === undefined || isBusy) return [];
  page.search = { ...page.search, isBusy: true };
  const range = { ...asked, count: FOUND, before: found.at(-1) };
  return [dispatch({ kind: "search", ...range }, "search")];
}

/** Opens the chat of a message, at that message. */
export function openAt(page: Page, { id }: Of<"openAt">): readonly Order[] {
  return openMessage(page, id);
}
