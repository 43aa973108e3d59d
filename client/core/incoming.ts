/**
 * Pushes: news that a node sends by itself.
 *
 * @module
 */

import type { Push } from "../../common/protocol/pushes.ts";
import type { ChatMessage } from "../../common/protocol/shapes.ts";
import type { Item } from "./items.ts";
import { askChats } from "./lists.ts";
import {
  advance,
  chatWith,
  forget,
  inFocus,
  isMe,
  isUnread,
  learn,
  renameInMessages,
  sameName,
  showNew,
} from "./messages.ts";
import type { Message, Model } from "./model.ts";
import type { Step } from "./step.ts";

/** Acts upon a push. */
export function takePush(step: Step, push: Push): void {
  switch (push.name) {
    case "message":
      return takeMessage(step, push.payload);
    case "status":
      return takeStatus(step, push.payload);
    case "deleted":
      if (forget(step, push.payload.ids) > 0) countAgain(step);
      return showChange(step, { kind: "deleted", ...push.payload });
    case "user":
      return takeUser(step, push.payload);
    case "closing":
      // The end of the connection is told once it has ended, as when a node dies.
      return void step.effects.push({ kind: "moveOn", reason: push.payload.reason });
  }
}

function takeMessage(step: Step, told: ChatMessage): void {
  const { model } = step;
  const known = model.messages.has(told.id);
  const message = learn(step, told);
  if (message === undefined || !model.options.receives) return;
  if (!known && isUnread(model, message)) chatWith(model, message.sender).unread++;
  receive(step, [message]);
}

/** Shows messages that came by themselves, and rings for those outside the focused chat. */
export function receive(step: Step, messages: readonly Message[]): void {
  const { model } = step;
  const fresh = messages.filter((message) => !message.shown);
  for (const message of fresh) {
    if (!isMe(model, message.sender)) model.lastSender = message.sender;
  }
  showNew(step, fresh);
  const outside = fresh.some((message) => isUnread(model, message) && !inFocus(model, message));
  if (outside) step.effects.push({ kind: "ring" });
}

function takeStatus(step: Step, payload: Extract<Push, { name: "status" }>["payload"]): void {
  const unknown = advance(step, payload.ids, payload.status);
  // Read by another client of this account: messages that this one has not met are in its counts only.
  if (unknown > 0 && isMe(step.model, payload.by)) countAgain(step);
  showChange(step, { kind: "status", ...payload });
}

function showChange(step: Step, item: Item): void {
  if (step.model.options.receives) step.show(item);
}

/** Asks for the unread counts; a `welcome` tells of them. */
export function countAgain(step: Step, show: "nothing" | "welcome" = "nothing"): void {
  askChats(step, show);
}

function takeUser(step: Step, { name, change, to }: Extract<Push, { name: "user" }>["payload"]): void {
  const { model } = step;
  if (!model.options.receives) return;
  if (change === "deleted") return userDeleted(step, name);
  if (change === "renamed" && to !== undefined) return userRenamed(step, name, to);
  if (change === "online" || change === "offline") {
    if (sameName(model.focus, name)) step.notice({ kind: "userOnline", name, online: change === "online" });
    return;
  }
  step.notice({ kind: "userRegistered", name });
}

function userDeleted(step: Step, name: string): void {
  const { model } = step;
  const theirs = [...model.messages.values()].filter((each) =>
    sameName(each.sender, name) || sameName(each.recipient, name)
  );
  forget(step, theirs.map((each) => each.id));
  dropChat(model, name);
  step.notice({ kind: "userDeleted", name });
}

function dropChat(model: Model, name: string): void {
  const key = name.toLowerCase();
  model.chats.delete(key);
  model.names.delete(key);
  if (sameName(model.focus, name)) model.focus = undefined;
  if (sameName(model.lastSender, name)) model.lastSender = undefined;
}

function userRenamed(step: Step, name: string, to: string): void {
  const { model } = step;
  renameInMessages(model, name, to);
  if (isMe(model, name) && model.account !== undefined) {
    model.account.name = to;
    return step.notice({ kind: "accountRenamed", from: name, to });
  }
  const focused = sameName(model.focus, name);
  const unread = model.chats.get(name.toLowerCase())?.unread ?? 0;
  dropChat(model, name);
  chatWith(model, to).unread = unread;
  if (focused) model.focus = to;
  step.notice({ kind: "userRenamed", from: name, to });
}
