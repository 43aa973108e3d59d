/**
 * What comes without having been asked for.
 *
 * @module
 */

import type { Push } from "../../common/protocol/pushes.ts";
import type { ChatMessage } from "../../common/protocol/shapes.ts";
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
import type { Item } from "./items.ts";
import type { Message, Model } from "./model.ts";
import type { Turn } from "./step.ts";

/** Acts upon a push. */
export function takePush(turn: Turn, push: Push): void {
  switch (push.name) {
    case "message":
      return takeMessage(turn, push.payload);
    case "status":
      return takeStatus(turn, push.payload);
    case "deleted":
      if (forget(turn, push.payload.ids) > 0) countAgain(turn);
      return showChange(turn, { kind: "deleted", ...push.payload });
    case "user":
      return takeUser(turn, push.payload);
    case "closing":
      // The one line that says so comes once the connection has ended, as it does when a node dies.
      return void turn.effects.push({ kind: "moveOn", node: undefined, reason: push.payload.reason });
  }
}

function takeMessage(turn: Turn, told: ChatMessage): void {
  const { model } = turn;
  const known = model.messages.has(told.id);
  const message = learn(turn, told);
  if (message === undefined || !model.options.receives) return;
  if (!known && isUnread(model, message)) chatWith(model, message.sender).unread++;
  receive(turn, [message]);
}

/** Shows messages that came by themselves, and rings for what is outside the focused chat. */
export function receive(turn: Turn, messages: readonly Message[]): void {
  const { model } = turn;
  const fresh = messages.filter((message) => !message.shown);
  for (const message of fresh) {
    if (!isMe(model, message.sender)) model.lastSender = message.sender;
  }
  showNew(turn, fresh);
  const outside = fresh.some((message) => isUnread(model, message) && !inFocus(model, message));
  if (outside) turn.effects.push({ kind: "ring" });
}

function takeStatus(turn: Turn, payload: Extract<Push, { name: "status" }>["payload"]): void {
  const unknown = advance(turn, payload.ids, payload.status);
  // Read elsewhere by oneself: what this client does not know of is counted in a number only.
  if (unknown > 0 && isMe(turn.model, payload.by)) countAgain(turn);
  showChange(turn, { kind: "status", ...payload });
}

function showChange(turn: Turn, item: Item): void {
  if (turn.model.options.receives) turn.show(item);
}

/** Asks for the unread counts; a `welcome` says them in one line. */
export function countAgain(turn: Turn, show: "nothing" | "welcome" = "nothing"): void {
  turn.ask({ name: "listChats", payload: { limit: 500 } }, { kind: "chats", show });
}

function takeUser(turn: Turn, { name, change, to }: Extract<Push, { name: "user" }>["payload"]): void {
  const { model } = turn;
  if (!model.options.receives) return;
  if (change === "deleted") return userDeleted(turn, name);
  if (change === "renamed" && to !== undefined) return userRenamed(turn, name, to);
  if (change === "online" || change === "offline") {
    if (sameName(model.focus, name)) turn.notice(`${name} is ${change}`);
    return;
  }
  turn.notice(`${name} is a new account`);
}

function userDeleted(turn: Turn, name: string): void {
  const { model } = turn;
  const theirs = [...model.messages.values()].filter((each) =>
    sameName(each.sender, name) || sameName(each.recipient, name)
  );
  forget(turn, theirs.map((each) => each.id));
  dropChat(model, name);
  turn.notice(`the account ${name} was deleted, with every message from and to it`);
}

function dropChat(model: Model, name: string): void {
  const key = name.toLowerCase();
  model.chats.delete(key);
  model.names.delete(key);
  if (sameName(model.focus, name)) model.focus = undefined;
  if (sameName(model.lastSender, name)) model.lastSender = undefined;
}

function userRenamed(turn: Turn, name: string, to: string): void {
  const { model } = turn;
  renameInMessages(model, name, to);
  if (isMe(model, name) && model.account !== undefined) {
    model.account.name = to;
    return turn.notice(`your account is called ${to} now: somebody else had the name ${name} before`);
  }
  const focused = sameName(model.focus, name);
  const unread = model.chats.get(name.toLowerCase())?.unread ?? 0;
  dropChat(model, name);
  chatWith(model, to).unread = unread;
  if (focused) model.focus = to;
  turn.notice(`${name} is called ${to} now`);
}
