/**
 * The newest part of a chat that is known without a gap, as far back as pages were asked for.
 *
 * @module
 */

import type { ChatMessage } from "../../common/protocol/shapes.ts";
import type { Chat } from "./chats.ts";
import type { Message } from "./message.ts";
import type { Model } from "./model.ts";

/** A page of a chat as a node has told it. */
interface Page {
  readonly messages: readonly ChatMessage[];
  readonly more: boolean;
}

/** Takes a page into the stretch of its chat: the newest page, or the one before the message `before`. */
export function stretch(
  model: Model,
  chat: Chat,
  before: string | undefined,
  { messages, more }: Page,
): void {
  const { chats, messages: known } = model;
  const start = more ? messages[0]?.timestamp ?? Infinity : -Infinity;
  const { stretch } = chat;
  if (before === undefined) {
    const joins = stretch !== undefined && start <= stretch.to;
    const from = joins ? Math.min(start, stretch.from) : start;
    return chats.change(chat, { stretch: { from, to: Infinity } });
  }
  const next = known.get(before)?.timestamp ?? -Infinity;
  if (stretch === undefined || next < stretch.from) return;
  chats.change(chat, { stretch: { ...stretch, from: Math.min(start, stretch.from) } });
}

/** The connection broke: news after this moment may be missing. */
export function endStretches({ chats, messages }: Model): void {
  for (const chat of messages.chats) {
    const { stretch } = chat;
    if (stretch === undefined || stretch.to < Infinity) continue;
    const stored = messages.of(chat).findLast(({ status }) => status !== "queued");
    chats.change(chat, { stretch: { ...stretch, to: stored?.timestamp ?? stretch.from } });
  }
}

/** A message is let go: its chat is known behind it only. */
export function cutStretch({ chats, messages }: Model, { chat, timestamp }: Message): void {
  const { stretch } = chat;
  if (stretch === undefined || timestamp < stretch.from) return;
  const next = messages.of(chat).find((each) => each.timestamp > timestamp);
  chats.change(chat, { stretch: { ...stretch, from: next?.timestamp ?? Infinity } });
}
