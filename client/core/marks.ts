/**
 * The marks that this client makes: messages have been delivered, or read. Those that follow from pushes are gathered
 * for a moment, as many messages may come in one read.
 *
 * @module
 */

import { CLIENT_LIMITS } from "../../common/client_limits.ts";
import { hasReached, type Message } from "./message.ts";
import type { Model } from "./model.ts";
import type { Step } from "./step.ts";

/** Longest time for which marks are gathered, ms. */
const GATHER_MS = 20;

/** The most requests to mark a message as read. */
const MARKS_MAX = 5;

/** True if a node is still to be told of marks. */
export function hasMarks({ marks: { delivered, read } }: Model): boolean {
  return delivered.size > 0 || read.size > 0;
}

/** Messages to this account have been shown: they are confirmed as delivered. */
export function confirm(step: Step, messages: readonly Message[]): void {
  const { delivered } = step.model.marks;
  gather(step, delivered, messages.filter((message) => !hasReached(message, "delivered")));
}

/** Somebody has seen unread messages: they are marked as read. */
export function markSeen(step: Step, messages: readonly Message[]): void {
  markEach(step, messages.filter(({ marks }) => marks === 0));
}

/** A node that tells a seen message as unread did not have it when it was asked to mark it: it is asked again. */
export function markAgain(step: Step, message: Message): void {
  const { model } = step;
  if (message.marks === 0 || message.marks >= MARKS_MAX) return;
  if (!model.pending.marks(message.id) && !model.marks.read.has(message)) markEach(step, [message]);
}

function markEach(step: Step, messages: readonly Message[]): void {
  for (const message of messages) message.marks++;
  gather(step, step.model.marks.read, messages);
}

function gather(step: Step, marks: Set<Message>, messages: readonly Message[]): void {
  if (messages.length === 0) return;
  const isFirst = !hasMarks(step.model);
  for (const message of messages) marks.add(message);
  // A program waits for everything that follows from its line.
  if (step.cause !== undefined) tellMarks(step);
  else if (isFirst) step.effects.push({ kind: "tellMarksAfter", ms: GATHER_MS });
}

/** Tells a node of the marks that were gathered. A message that was read has been delivered. */
export function tellMarks(step: Step): void {
  const { delivered, read } = step.model.marks;
  for (const message of read) delivered.delete(message);
  for (const ids of inParts([...delivered])) {
    step.ask({ name: "confirmDelivery", payload: { ids } }, { kind: "delivered" });
  }
  for (const [chat, messages] of Map.groupBy(read, (message) => message.chat)) {
    for (const ids of inParts(messages)) {
      const purpose = { kind: "read", with: chat.name, chat, ids } as const;
      step.ask({ name: "readMessages", payload: { with: chat.name, ids } }, purpose);
    }
  }
  delivered.clear();
  read.clear();
}

/** Marks everything from a user as read. */
export function markRead(step: Step, name: string): void {
  const chat = step.model.chats.named(name);
  step.ask({ name: "readMessages", payload: { with: name } }, { kind: "read", with: name, chat });
}

/** The ids of messages; a request takes only so many. */
function inParts(messages: readonly Message[]): readonly (readonly string[])[] {
  const size = CLIENT_LIMITS.idsPerPush;
  const ids = messages.map(({ id }) => id);
  return Array.from(
    { length: Math.ceil(ids.length / size) },
    (_, part) => ids.slice(part * size, (part + 1) * size),
  );
}
