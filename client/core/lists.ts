/**
 * Lists of users and chats, as far as every client takes them over.
 *
 * @module
 */

import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { hideAbsent } from "./absence.ts";
import { hasFeature } from "./addressing.ts";
import { learn } from "./learning.ts";
import { meet, note } from "./people.ts";
import { seePresent } from "./person_news.ts";
import type { PendingRequest } from "./pending_requests.ts";
import type { Purpose } from "./requests.ts";
import type { Step } from "./step.ts";
import { look, unreadFrom } from "./watching.ts";
import { isSameRange, isShownName } from "./wish.ts";

type Payload<Name extends ConfirmedReply["name"]> = Extract<ConfirmedReply, { name: Name }>["payload"];

/** Chats that are listed. */
const CHATS_LISTED = 500;

/** Users of a page. */
export const USERS_PAGE = 500;

/** Asks for the chats. */
export function askChats(step: Step, show: Extract<Purpose, { kind: "chats" }>["show"]): void {
  step.ask({ name: "listChats", payload: { limit: CHATS_LISTED } }, { kind: "chats", show });
}

/** The ways in which a client prints lists, if it does. */
export interface Printing {
  /** Prints a page of users. */
  users(step: Step, purpose: Extract<Purpose, { kind: "users" }>, page: Payload<"users">): void;
  /** Prints a page of chats. */
  chats(step: Step, purpose: Extract<Purpose, { kind: "chats" }>, page: Payload<"chats">): void;
}

/** Asks for the chats behind those of a page, of which `listed` came before. */
export function askMoreChats(step: Step, before: string, listed: number): void {
  const payload = { limit: CHATS_LISTED, before };
  step.ask({ name: "listChats", payload }, { kind: "chats", show: "chats", listed });
}

/** Asks for the counts of unread messages: once more after a reply that is under way, which may be too old. */
export function countAgain(step: Step): void {
  const { model } = step;
  if (model.pending.has("chats")) model.countsDue = true;
  else askChats(step, "nothing");
}

/** Asks for the account that has a name, at a node that tells. */
export function askAccount(step: Step, name: string): void {
  if (!hasFeature(step.model, "account-ids") || !isShownName(name)) return;
  step.ask({ name: "listUsers", payload: { match: name, limit: 1 } }, { kind: "names" });
}

/** Takes over what a page tells of users, whatever it was asked for. */
export function takeUsers(
  step: Step,
  purpose: Purpose,
  page: Payload<"users">,
  printing: Printing | undefined,
): void {
  for (const { name, account, online } of page.users) {
    note(step, name, account);
    seePresent(step, { name, account, online });
  }
  switch (purpose.kind) {
    case "users":
      return printing?.users(step, purpose, page);
    case "people":
      takePeople(step, purpose, page);
      return look(step);
    case "presence":
      if (page.users.length === 0) step.model.presence.see(purpose.name, undefined, undefined);
      return look(step);
    default:
      return;
  }
}

/** A page of the people on the screen, or of those who were there when it was asked for. */
function takePeople(
  { model }: Step,
  { range }: Extract<Purpose, { kind: "people" }>,
  { users, more }: Payload<"users">,
): void {
  const rows = users.map(({ name, account, online, unread }) => ({
    name,
    account,
    online,
    unread: unreadFrom(model.chats, name, account) ?? unread,
  }));
  model.people.takePage(rows, more, isSameRange(range, model.looking.wish.people));
}

/** Takes over the unread counts, and prints the list if it is wanted. */
export function takeChats(
  step: Step,
  { purpose, tellings }: PendingRequest,
  page: Payload<"chats">,
  printing: Printing | undefined,
): void {
  const { model } = step;
  if (purpose.kind !== "chats") return;
  // A later page tells nothing about the chats that are not on it.
  takeUnread(step, { ...page, more: page.more || purpose.listed !== undefined }, tellings);
  model.namesTold = true;
  step.flush();
  if (model.countsDue) {
    model.countsDue = false;
    askChats(step, "nothing");
  }
  if (purpose.show !== "nothing") printing?.chats(step, purpose, page);
}

/** The counts of chats beyond the page stay: nothing is known of them. */
function takeUnread(step: Step, { chats: rows, more }: Payload<"chats">, tellings: number): void {
  const { chats } = step.model;
  const told = new Map(rows.toReversed().map((row) => [meet(step, row.with, row.account), row.unread]));
  for (const { last } of rows) {
    const chat = learn(step, last, false)?.chat;
    if (chat !== undefined) {
      hideAbsent(step.model, chat, { ids: [last.id], from: last.timestamp, to: Infinity, tellings });
    }
  }
  for (const chat of chats.all) {
    if (!more && !told.has(chat)) {
      hideAbsent(step.model, chat, { ids: [], from: -Infinity, to: Infinity, tellings });
    }
    const unread = told.get(chat) ?? (more ? chat.unread : 0);
    chats.change(chat, { unread });
  }
}
