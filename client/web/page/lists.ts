/**
 * The rows of the lists.
 *
 * @module
 */

import type { Chat } from "../../core/chats.ts";
import type { PeopleRange } from "../../core/people_list.ts";
import type { Page } from "./page.ts";

/** Identity of a chat among the rows: by its account, where that is known. */
export function keyOf({ account, name }: Chat): string {
  return account ?? name.toLowerCase();
}

/** True for the chat that is on the screen beside the lists. */
export function isShown({ opened, route: { kind } }: Page, chat: Chat | undefined): boolean {
  return chat !== undefined && opened?.chat === chat && kind !== "settings" && kind !== "about";
}

/** The rows of the list of chats. */
interface ChatRows {
  readonly chats: readonly Chat[];
  readonly hasMore: boolean;
}

/** The chats that match, the one with the newest message first. One without messages is there while it is open or drafted. */
export function chatRows({ model, opened, find, chatsShown }: Page): ChatRows {
  const { messages, chats } = model;
  const known = messages.chats;
  const fresh = [...(opened === undefined ? [] : [opened.chat]), ...chats.drafted];
  const all = [...new Set([...fresh.filter((chat) => !known.includes(chat)), ...known])];
  const wanted = find.trim().toLowerCase();
  const matching = wanted === "" ? all : all.filter(({ name }) => name.toLowerCase().includes(wanted));
  return { chats: matching.slice(0, chatsShown), hasMore: matching.length > chatsShown };
}

/** Unread messages of all chats. */
export function unreadTotal({ model }: Page): number {
  return model.chats.all.reduce((sum, { unread }) => sum + unread, 0);
}

/** The people of the list that the page looks at; undefined if it shows none. */
export function peopleWanted(page: Page): PeopleRange | undefined {
  const { list, find, peopleFilter, peopleShown, peopleAfter: after } = page;
  if (list === "people") {
    return { ...matching(peopleFilter), ...(after !== undefined && { after }), count: peopleShown };
  }
  return list === "chats" && find.trim() !== "" ? { ...matching(find), count: FOUND_SHOWN } : undefined;
}

/** People who are offered below the chats that match. */
const FOUND_SHOWN = 20;

/** The most characters of a filter: a wildcard takes 256. */
const FILTER_MAX = 100;

function matching(typed: string): { readonly match?: string } {
  const text = typed.trim().slice(0, FILTER_MAX);
  return text === "" ? {} : { match: `*${text}*` };
}

/** The most names that are looked at besides the list. */
const NAMES_MAX = 200;

/** Names of the chats that are on the screen: their presence is shown. */
export function namesShown(page: Page): readonly string[] {
  const { opened, list } = page;
  const rows = list === "chats" ? chatRows(page).chats : [];
  const chats = opened === undefined ? rows : [opened.chat, ...rows];
  const present = chats.filter(({ former }) => !former).map(({ name }) => name);
  return [...new Set(present)].slice(0, NAMES_MAX);
}
