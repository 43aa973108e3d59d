/**
 * Pages of messages that have come.
 *
 * @module
 */

import { receive } from "./incoming.ts";
import { chatWith, inFocus, otherEnd, show, showNew } from "./messages.ts";
import type { Message } from "./model.ts";
import type { Purpose } from "./requests.ts";
import type { Step } from "./step.ts";

/** Messages that a server gives at most in one page. */
const PAGE_MAX = 500;

/** Messages shown of a chat that is opened, and of its history unless more are wanted. */
export const MESSAGES_SHOWN = 20;

/** The most that is shown of a chat because it is unread. */
const UNREAD_SHOWN_MAX = 200;

/** Makes a chat the focused one, and asks for its newest messages. */
export function openChat(step: Step, name: string): void {
  const { model } = step;
  const known = model.chats.get(name.toLowerCase());
  model.focus = known?.name ?? name;
  const limit = Math.min(UNREAD_SHOWN_MAX, Math.max(MESSAGES_SHOWN, known?.unread ?? 0));
  step.ask({ name: "listMessages", payload: { with: name, limit } }, { kind: "open", with: name });
}

/** What had not reached any client of this account: shown like what comes by itself, page after page. */
export function takeUndelivered(step: Step, messages: readonly Message[], more: boolean): void {
  const fresh = messages.some((message) => !message.shown);
  receive(step, messages);
  // A page without anything new would come again and again.
  if (!more || !fresh) return;
  step.ask({ name: "listMessages", payload: { undelivered: true, limit: PAGE_MAX } }, {
    kind: "undelivered",
  });
}

/** The newest page after a break: what is new in the focused chat is shown, the rest has only been learnt. */
export function takeRefresh(step: Step, messages: readonly Message[]): void {
  if (!step.model.options.receives) return;
  const focused = messages.filter((message) => inFocus(step.model, message));
  // What is older than all that was shown is no news: `/more` shows it.
  const firstShown = focused.findIndex((message) => message.shown);
  showNew(step, focused.slice(Math.max(0, firstShown)));
}

/** The newest page of a chat that was chosen. */
export function takeOpened(step: Step, name: string, messages: readonly Message[], more: boolean): void {
  const { model } = step;
  const first = messages[0];
  const chat = chatWith(model, first === undefined ? name : otherEnd(model, first));
  if (model.focus?.toLowerCase() === chat.name.toLowerCase()) model.focus = chat.name;
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
  const chat = chatWith(model, purpose.with);
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
  askHistory(step, { with: name, count, before: step.model.chats.get(name.toLowerCase())?.oldestShown }, []);
}
