/**
 * Lists of users and chats: asked for, and shown.
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

/** Asks for the chats behind those of a page, of which `listed` came before. */
function askMoreChats(step: Step, before: string, listed: number): void {
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

/** Asks for a page of users. */
export function askUsers(
  step: Step,
  purpose: Omit<Extract<Purpose, { kind: "users" }>, "kind">,
  after?: string,
): void {
  const { match } = purpose;
  const payload = {
    limit: USERS_PAGE,
    ...(match === undefined ? {} : { match }),
    ...(after === undefined ? {} : { after }),
  };
  step.ask({ name: "listUsers", payload }, { kind: "users", ...purpose });
}

/** Takes over what a page tells of users, whatever it was asked for. */
export function takeUsers(step: Step, purpose: Purpose, page: Payload<"users">): void {
  for (const { name, account, online } of page.users) {
    note(step, name, account);
    seePresent(step, { name, account, online });
  }
  switch (purpose.kind) {
    case "users":
      return showUsers(step, purpose, page);
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

/** The last users of a list whose presence a person is told of while the list may be on the screen. */
const LISTED_MAX = 20;

/** Shows a page of users; a person sees one page, a script gets them all. */
function showUsers(
  step: Step,
  purpose: Extract<Purpose, { kind: "users" }>,
  { users, more }: Payload<"users">,
): void {
  const shown = users.filter((user) => user.online || !purpose.onlineOnly);
  for (const { name, unread, online } of shown) step.show({ kind: "user", name, unread, online });
  const listed = purpose.found === 0 ? [] : step.model.listed;
  step.model.listed = [...listed, ...shown].slice(-LISTED_MAX).map(({ name, online }) => ({ name, online }));
  const found = purpose.found + shown.length;
  const last = users.at(-1);
  if (more && last !== undefined && (step.model.options.script || purpose.onlineOnly)) {
    return askUsers(step, { ...purpose, found }, last.name);
  }
  if (more && last !== undefined) return step.notice({ kind: "moreUsers", listed: found, after: last.name });
  const { onlineOnly, match } = purpose;
  if (found === 0) step.notice({ kind: "noUsers", onlineOnly, match });
}

/** Takes over the unread counts, and shows the list if it is wanted: a person sees one page, a script gets them all. */
export function takeChats(step: Step, waiting: PendingRequest, { chats, more }: Payload<"chats">): void {
  const { purpose, tellings } = waiting;
  const { model } = step;
  if (purpose.kind !== "chats") return;
  const listed = (purpose.listed ?? 0) + chats.length;
  // A later page tells nothing about the chats that are not on it.
  takeUnread(step, { chats, more: more || listed > chats.length }, tellings);
  model.namesTold = true;
  step.flush();
  if (model.countsDue) {
    model.countsDue = false;
    askChats(step, "nothing");
  }
  const unread = chats.filter((chat) => chat.unread > 0);
  if (purpose.show === "nothing") return;
  if (purpose.show === "welcome") return welcome(step, unread);
  const rest = purpose.show === "chats" ? chats.filter((chat) => chat.unread === 0) : [];
  for (const chat of [...unread, ...rest]) {
    step.show({ kind: "chat", with: chat.with, unread: chat.unread, last: chat.last });
  }
  if (unread.length + rest.length === 0 && listed === 0) {
    step.notice({ kind: "noChats", unreadOnly: purpose.show === "unread" });
  }
  const last = chats.at(-1);
  if (!more || last === undefined) return;
  if (model.options.script && purpose.show === "chats") return askMoreChats(step, last.with, listed);
  step.notice({ kind: "moreChats", listed });
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

function welcome(step: Step, unread: Payload<"chats">["chats"]): void {
  const chats = unread.map((chat) => ({ with: chat.with, unread: chat.unread }));
  if (chats.length > 0) step.notice({ kind: "unreadChats", chats });
}
