/**
 * Lists that a console prints: a person sees one page, a script gets them all.
 *
 * @module
 */

import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { askMoreChats, type Printing, USERS_PAGE } from "./lists.ts";
import type { Purpose } from "./requests.ts";
import type { Step } from "./step.ts";

type Payload<Name extends ConfirmedReply["name"]> = Extract<ConfirmedReply, { name: Name }>["payload"];

type Users = Extract<Purpose, { kind: "users" }>;

/** The last users of a list whose presence a person is told of while the list may be on the screen. */
const LISTED_MAX = 20;

/** Asks for a page of users. */
export function askUsers(step: Step, purpose: Omit<Users, "kind">, after?: string): void {
  const { match } = purpose;
  const payload = {
    limit: USERS_PAGE,
    ...(match === undefined ? {} : { match }),
    ...(after === undefined ? {} : { after }),
  };
  step.ask({ name: "listUsers", payload }, { kind: "users", ...purpose });
}

/** Shows what a console has asked for. */
export const PRINTING: Printing = { users: showUsers, chats: showChats };

function showUsers(step: Step, purpose: Users, { users, more }: Payload<"users">): void {
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

function showChats(
  step: Step,
  { show, listed: before = 0 }: Extract<Purpose, { kind: "chats" }>,
  { chats, more }: Payload<"chats">,
): void {
  const { model } = step;
  const listed = before + chats.length;
  const unread = chats.filter((chat) => chat.unread > 0);
  if (show === "welcome") return welcome(step, unread);
  const rest = show === "chats" ? chats.filter((chat) => chat.unread === 0) : [];
  for (const chat of [...unread, ...rest]) {
    step.show({ kind: "chat", with: chat.with, unread: chat.unread, last: chat.last });
  }
  if (unread.length + rest.length === 0 && listed === 0) {
    step.notice({ kind: "noChats", unreadOnly: show === "unread" });
  }
  const last = chats.at(-1);
  if (!more || last === undefined) return;
  if (model.options.script && show === "chats") return askMoreChats(step, last.with, listed);
  step.notice({ kind: "moreChats", listed });
}

function welcome(step: Step, unread: Payload<"chats">["chats"]): void {
  const chats = unread.map((chat) => ({ with: chat.with, unread: chat.unread }));
  if (chats.length > 0) step.notice({ kind: "unreadChats", chats });
}
