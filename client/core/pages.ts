/**
 * Pages of messages: asked for, and shown.
 *
 * @module
 */

import type { Chat } from "./chats.ts";
import { PAGE_MAX } from "./history.ts";
import { receive } from "./incoming.ts";
import { askAccount } from "./lists.ts";
import { tellMarks } from "./marks.ts";
import { inFocus, show, showNew } from "./messages.ts";
import type { Message } from "./message.ts";
import { withName } from "./people.ts";
import type { Step } from "./step.ts";

/** Messages shown of a chat that is opened, and of its history unless more are wanted. */
export const MESSAGES_SHOWN = 20;

/** The most messages that are shown of a chat because they are unread. */
const UNREAD_SHOWN_MAX = 200;

/**
 * Makes a chat the focused one, and asks for its newest messages.
 *
 * @param before focused again if nobody has that name
 */
export function openChat(step: Step, name: string, before?: Chat): void {
  const { model } = step;
  const chat = withName(model, name);
  model.focus = chat;
  model.olderFound = undefined;
  model.listed = [];
  const limit = Math.min(UNREAD_SHOWN_MAX, Math.max(MESSAGES_SHOWN, chat.unread));
  step.ask({ name: "listMessages", payload: { with: name, limit } }, { kind: "open", with: name, before });
  // A chat without messages tells no account; the next line is for the present holder of the name.
  if (chat.account === undefined) askAccount(step, name);
}

/** Shows messages that no client of this account had, like those that come by themselves, page after page. */
export function takeUndelivered(step: Step, messages: readonly Message[], more: boolean): void {
  const { taken } = step.model;
  receive(step, messages);
  // The next page has what is not confirmed.
  tellMarks(step);
  // A page of which nothing was taken would come again and again.
  if (!more || step.model.taken === taken) return;
  step.ask({ name: "listMessages", payload: { undelivered: true, limit: PAGE_MAX } }, {
    kind: "undelivered",
  });
}

/** The newest page of a chat after a break: news of the focused chat are shown, other messages only learnt. */
export function takeRefresh(step: Step, messages: readonly Message[]): void {
  if (!step.model.options.receives) return;
  const focused = messages.filter((message) => inFocus(step.model, message));
  // Messages older than all that were shown are no news.
  const firstShown = focused.findIndex((message) => message.shown);
  showNew(step, focused.slice(Math.max(0, firstShown)));
}

/** Shows the newest page of a chat that was opened. */
export function takeOpened(step: Step, name: string, messages: readonly Message[], more: boolean): void {
  const first = messages[0];
  const chat = first?.chat ?? withName(step.model, name);
  if (first !== undefined) chat.oldestShown = first.id;
  step.notice({ kind: "chatOpened", with: chat.name, empty: messages.length === 0 });
  show(step, messages);
  if (more) step.notice({ kind: "olderMessages" });
}
