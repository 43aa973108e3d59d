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
  step.notice(messages.length === 0 ? `chat with ${chat.name}: no messages yet` : `chat with ${chat.name}`);
  show(step, messages);
  if (more) step.notice("there are older messages: /more");
}

/** A page of the history; more of them where one is not enough. */
export function takeHistory(
  step: Step,
  purpose: Extract<Purpose, { kind: "history" }>,
  messages: readonly Message[],
  more: boolean,
): void {
  const { model } = step;
  const ids = [...messages.map((message) => message.id), ...purpose.page.ids];
  const first = messages[0];
  if (more && first !== undefined && ids.length < purpose.count) {
    return askHistory(step, purpose.with, purpose.count, { ids, older: purpose.page.older }, first.id);
  }
  const chat = chatWith(model, purpose.with);
  const oldest = ids[0];
  if (purpose.page.older && oldest !== undefined) chat.oldestShown = oldest;
  if (oldest === undefined) return step.notice(`no older messages with ${chat.name}`);
  show(step, ids.flatMap((id) => model.messages.get(id) ?? []));
  if (!more) step.notice(`this is where the chat with ${chat.name} begins`);
}

/**
 * Asks for messages.
 *
 * @param count how many in all, those of `page` included
 * @param before the id of the message before which they are wanted; the newest without it
 */
export function askHistory(
  step: Step,
  name: string,
  count: number,
  page: { readonly ids: readonly string[]; readonly older: boolean },
  before?: string,
): void {
  const limit = Math.min(PAGE_MAX, count - page.ids.length);
  const payload = before === undefined ? { with: name, limit } : { with: name, limit, before };
  step.ask({ name: "listMessages", payload }, { kind: "history", with: name, count, page });
}
