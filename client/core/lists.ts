/**
 * Lists of users and chats that have come.
 *
 * @module
 */

import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { chatWith } from "./messages.ts";
import type { Purpose } from "./pending_requests.ts";
import type { Turn } from "./step.ts";

type Payload<Name extends ConfirmedReply["name"]> = Extract<ConfirmedReply, { name: Name }>["payload"];

/** Users of a page. */
export const USERS_PAGE = 500;

/** The next page of users. */
export function askUsers(
  turn: Turn,
  purpose: Omit<Extract<Purpose, { kind: "users" }>, "kind">,
  after?: string,
): void {
  const { match } = purpose;
  const payload = {
    limit: USERS_PAGE,
    ...(match === undefined ? {} : { match }),
    ...(after === undefined ? {} : { after }),
  };
  turn.ask({ name: "listUsers", payload }, { kind: "users", ...purpose });
}

/** Shows a page of users; a person sees one page, a script gets them all. */
export function takeUsers(turn: Turn, purpose: Purpose, { users, more }: Payload<"users">): void {
  for (const user of users) turn.model.names.set(user.name.toLowerCase(), user.name);
  if (purpose.kind !== "users") return;
  const shown = users.filter((user) => user.online || !purpose.onlineOnly);
  for (const user of shown) turn.show({ kind: "user", ...user });
  const found = purpose.found + shown.length;
  const last = users.at(-1);
  if (more && last !== undefined && (turn.model.options.script || purpose.onlineOnly)) {
    return askUsers(turn, { ...purpose, found }, last.name);
  }
  if (more) return turn.notice(`these are the first ${found} users; /users WILDCARD finds others`);
  if (found === 0) {
    turn.notice(purpose.onlineOnly ? "nobody is online" : `no user matches ${purpose.match ?? "*"}`);
  }
}

/** Takes over the unread counts, and shows what was asked for. */
export function takeChats(turn: Turn, purpose: Purpose, { chats, more }: Payload<"chats">): void {
  const { model } = turn;
  if (purpose.kind !== "chats") return;
  // Where there are more chats than these, nothing is known of the others.
  if (!more) model.chats.forEach((chat) => chat.unread = 0);
  for (const chat of [...chats].reverse()) chatWith(model, chat.with).unread = chat.unread;
  const unread = chats.filter((chat) => chat.unread > 0);
  if (purpose.show === "nothing") return;
  if (purpose.show === "welcome") return welcome(turn, unread);
  const rest = purpose.show === "chats" ? chats.filter((chat) => chat.unread === 0) : [];
  for (const chat of [...unread, ...rest]) turn.show({ kind: "chat", ...chat });
  if (unread.length + rest.length === 0) {
    turn.notice(
      purpose.show === "chats" ? "no chats yet; /users lists whom to write to" : "nothing is unread",
    );
  }
  if (more) turn.notice(`these are the ${chats.length} newest chats`);
}

function welcome(turn: Turn, unread: Payload<"chats">["chats"]): void {
  const total = unread.reduce((sum, chat) => sum + chat.unread, 0);
  const named = unread.map((chat) => `${chat.with} ${chat.unread}`).join(", ");
  if (total > 0) turn.notice(`${total} unread: ${named}; /chat USER shows them`);
}
