/**
 * Pushes: news that a node sends by itself.
 *
 * @module
 */

import type { Push } from "../../common/protocol/pushes.ts";
import type { ChatMessage } from "../../common/protocol/shapes.ts";
import type { Item } from "./items.ts";
import { countAgain } from "./lists.ts";
import type { Chat } from "./chats.ts";
import { takeCluster } from "./cluster.ts";
import { learn } from "./learning.ts";
import { advance, forget, isMe, isUnread, nameOwnChat, renameOwn, sameName, showNew } from "./messages.ts";
import type { Message } from "./message.ts";
import type { Model } from "./model.ts";
import { takeNodes } from "./nodes.ts";
import { chatOf, leave, leaveUnmet, meet, note, rename, withName } from "./people.ts";
import { personChanged, takePerson } from "./person_news.ts";
import type { Step } from "./step.ts";

/** Acts upon a push. */
export function takePush(step: Step, push: Push): void {
  const { model } = step;
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
    case "nodes":
      return takeNodes(step, push.payload.nodes);
    case "cluster":
      return takeCluster(step, push.payload);
    case "person":
      return model.options.receives ? takePerson(step, push.payload) : undefined;
    case "closing":
      // The end of the connection is told once it has ended, as when a node dies.
      return step.moveOn({ kind: "leftUs", text: push.payload.reason });
  }
}

function takeMessage(step: Step, told: ChatMessage): void {
  const { model } = step;
  const known = model.messages.has(told.id);
  const message = learn(step, told);
  if (message === undefined || !model.options.receives) return;
  if (!known && isUnread(model, message)) {
    model.chats.change(message.chat, { unread: message.chat.unread + 1 });
  }
  receive(step, [message]);
}

/** The messages of these that this client takes. */
function take(model: Model, messages: readonly Message[]): readonly Message[] {
  const { from, count = Infinity } = model.options.intake ?? {};
  const wanted = messages.filter(({ sender }) => from === undefined || sameName(sender, from));
  const taken = wanted.slice(0, Math.max(0, count - model.taken));
  model.taken += taken.length;
  return taken;
}

/** Shows messages that came by themselves, and tells the face of them. */
export function receive(step: Step, messages: readonly Message[]): void {
  const { model } = step;
  const fresh = take(model, messages.filter((message) => !message.shown));
  for (const message of fresh) {
    if (!isMe(model, message.sender)) model.lastSender = message.chat;
  }
  showNew(step, fresh);
  step.effects.push({ kind: "arrived", messages: fresh });
}

function takeStatus(step: Step, payload: Extract<Push, { name: "status" }>["payload"]): void {
  const uncounted = advance(step, payload.ids, payload.status);
  // Read by this account: messages that were not met, or read at another node, are in the counts of this one only.
  if (uncounted > 0 && payload.status === "read" && isMe(step.model, payload.by)) countAgain(step);
  showChange(step, { kind: "status", ...payload });
}

function showChange(step: Step, item: Item): void {
  const { receives, intake } = step.model.options;
  if (receives && intake === undefined) step.show(item);
}

function takeUser(step: Step, payload: Extract<Push, { name: "user" }>["payload"]): void {
  const { model } = step;
  const { name, change, to, account } = payload;
  if (!model.options.receives) return;
  const chat = account === undefined ? model.chats.named(name) : chatOf(model, name, account);
  switch (change) {
    case "deleted":
      if (account !== undefined) model.people.remove(account);
      if (chat?.deleted) return;
      if (chat !== undefined) return leave(step, chat);
      return leaveUnmet(step, name, account);
    case "renamed":
      return userRenamed(step, { name, to: to ?? name, account }, chat);
    case "created":
      note(step, name, account);
      return step.notice({ kind: "userRegistered", name });
    case "online":
    case "offline":
      if (chat !== undefined && account !== undefined) meet(step, name, account);
      return personChanged(step, { name, account, online: change === "online" });
  }
}

/** A renamed user. */
interface Renamed {
  readonly name: string;
  readonly to: string;
  readonly account: string | undefined;
}

function userRenamed(step: Step, { name, to, account }: Renamed, chat: Chat | undefined): void {
  const { model } = step;
  if (isMe(model, name) && model.account !== undefined) {
    renameOwn(model, name, to);
    model.account.name = to;
    nameOwnChat(model, name);
    return step.notice({ kind: "accountRenamed", from: name, to });
  }
  if (account === undefined) return rename(step, chat ?? withName(model, name), to);
  if (chat !== undefined) model.chats.bind(chat, account);
  meet(step, to, account);
}
