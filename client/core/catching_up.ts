/**
 * News of the time before a login.
 *
 * @module
 */

import { USERS_PAGE } from "./lists.ts";
import { hasReached, NOT_MET } from "./message.ts";
import { isMe } from "./messages.ts";
import type { Model } from "./model.ts";
import type { Step } from "./step.ts";

/** The most chats that are asked for after a break, for the statuses of the own messages. */
const CHATS_REFRESHED = 5;

/**
 * Asks for the news of the time before this connection.
 *
 * @param again true if messages of this account are known from before
 */
export function catchUp(step: Step, again: boolean): void {
  const { model } = step;
  if (model.options.receives) {
    step.ask({ name: "listMessages", payload: { undelivered: true, limit: 500 } }, { kind: "undelivered" });
  }
  if (!again) return;
  for (const name of chatsToRefresh(model)) askNews(step, name);
}

/** Asks for the newest messages of a chat, for news of those that are known. */
export function askNews(step: Step, name: string): void {
  step.ask({ name: "listMessages", payload: { with: name, limit: 50 } }, { kind: "refresh", with: name });
}

function chatsToRefresh(model: Model): readonly string[] {
  const unsettled = [...model.messages.values()].reverse().filter((message) =>
    message.number !== NOT_MET && isMe(model, message.sender) && !message.chat.former &&
    hasReached(message, "unread") && !hasReached(message, "read")
  );
  const focus = model.focus === undefined || model.focus.former ? [] : [model.focus];
  const chats = new Set([...focus, ...unsettled.map(({ chat }) => chat)]);
  const names = [...chats].map(({ name }) => name).slice(0, CHATS_REFRESHED);
  // A chat that is being opened gets its newest messages anyway.
  return names.filter((name) => !model.pending.opens(name));
}

/** Asks for all users, for the completion of their names. */
export function learnNames(step: Step): void {
  step.ask({ name: "listUsers", payload: { limit: USERS_PAGE } }, { kind: "names" });
}
