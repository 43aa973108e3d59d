/**
 * Pages of messages: asked for, and shown.
 *
 * @module
 */

import { receive } from "./incoming.ts";
import { askAccount } from "./lists.ts";
import { inFocus, show, showNew } from "./messages.ts";
import type { Message } from "./model.ts";
import { withName } from "./people.ts";
import type { Purpose } from "./requests.ts";
import type { Step } from "./step.ts";

/** The most messages in a page of the server. */
const PAGE_MAX = 500;

/** Messages shown of a chat that is opened, and of its history unless more are wanted. */
export const MESSAGES_SHOWN = 20;

/** The most messages that are shown of a chat because they are unread. */
const UNREAD_SHOWN_MAX = 200;

/** Makes a chat the focused one, and asks for its newest messages. */
export function openChat(step: Step, name: string): void {
  const { model } = step;
  const chat = withName(model, name);
  model.focus = chat;
  const limit = Math.min(UNREAD_SHOWN_MAX, Math.max(MESSAGES_SHOWN, chat.unread));
  step.ask({ name: "listMessages", payload: { with: name, limit } }, { kind: "open", with: name });
  // A chat without messages tells no account; the next line is for the present holder of the name.
  if (chat.account === undefined) askAccount(step, name);
}

/** Shows messages that no client of this account had, like those that come by themselves, page after page. */
export function takeUndelivered(step: Step, messages: readonly Message[], more: boolean): void {
  const fresh = messages.some((message) => !message.shown);
  receive(step, messages);
  // A page without anything new would come again and again.
  if (!more || !fresh) return;
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

/** A page of the history; asks for another one while there are fewer messages than wanted. */
export function takeHistory(
  step: Step,
  purpose: Extract<Purpose, { kind: "history" }>,
  messages: readonly Message[],
  more: boolean,
): void {
  const { model } = step;
  const ids = [...messages.map((message) => message.id), ...purpose.ids];
  const first = messages[0];
  if (more && first !== undefined && ids.length < purpose.count) {
    return askHistory(step, { ...purpose, before: first.id }, ids);
  }
  const chat = withName(model, purpose.with);
  const oldest = ids[0];
  if (oldest === undefined) return step.notice({ kind: "noOlderMessages", with: chat.name });
  chat.oldestShown = oldest;
  show(step, ids.flatMap((id) => model.messages.get(id) ?? []));
  if (!more) step.notice({ kind: "chatBegins", with: chat.name });
}

/**
 * Asks for messages.
 *
 * @param wanted `count` in all, before the message with the id `before`; the newest without it
 * @param ids those that came so far
 */
export function askHistory(
  step: Step,
  wanted: { readonly with: string; readonly count: number; readonly before?: string | undefined },
  ids: readonly string[],
): void {
  const { with: name, count, before } = wanted;
  const limit = Math.min(PAGE_MAX, count - ids.length);
  const payload = before === undefined ? { with: name, limit } : { with: name, limit, before };
  step.ask({ name: "listMessages", payload }, { kind: "history", with: name, count, ids });
}

/** Asks for the messages before the oldest one shown. */
export function askOlder(step: Step, name: string, count: number): void {
  askHistory(step, { with: name, count, before: step.model.chats.named(name)?.oldestShown }, []);
}
