/**
 * News of people: the accounts behind their names, new names, accounts that are gone.
 *
 * @module
 */

import type { Chat } from "./chats.ts";
import { forget, renameInMessages } from "./messages.ts";
import type { Model } from "./model.ts";
import type { Step } from "./step.ts";

/** The conversation with a user that a node names, made if there is none; `account` if the node tells it. */
export function meet(step: Step, name: string, account: string | undefined): Chat {
  const { account: own } = step.model;
  // A node that lags behind may still call the own account by its former name.
  const isOwn = account !== undefined && own?.id === account;
  const chat = chatWith(step, isOwn ? own.name : name, account);
  tellSuccession(step, chat);
  return chat;
}

function chatWith(step: Step, name: string, account: string | undefined): Chat {
  const { chats } = step.model;
  if (account === undefined) return withName(step.model, name);
  const known = chats.of(account);
  const holder = chats.named(name);
  // A node that lags behind may still tell of an account that is gone.
  if (known !== undefined && (known === holder || known.deleted)) return known;
  if (known !== undefined) return meetUnderNewName(step, known, name);
  if (holder?.account !== undefined) leaveName(step, holder);
  const chat = withName(step.model, name);
  chats.bind(chat, account);
  return chat;
}

/** Takes over the account of a listed user, without making a conversation. */
export function note(step: Step, name: string, account: string | undefined): void {
  const { chats, names } = step.model;
  names.set(name.toLowerCase(), name);
  if (account === undefined) return;
  if (chats.named(name) !== undefined || chats.of(account) !== undefined) meet(step, name, account);
  else chats.note(name, account);
}

/** The conversation with an account, or one with the holder of its name whose account is not known yet. */
export function chatOf({ chats }: Model, name: string, account: string): Chat | undefined {
  const holder = chats.named(name);
  return chats.of(account) ?? (holder?.account === undefined ? holder : undefined);
}

/** The conversation with the holder of a name, made if there is none, with the case of the name as registered. */
export function withName(model: Model, name: string): Chat {
  const key = name.toLowerCase();
  const chat = model.chats.with(model.names.get(key) ?? name);
  model.names.set(key, chat.name);
  return chat;
}

function meetUnderNewName(step: Step, chat: Chat, name: string): Chat {
  const { model } = step;
  const { former } = chat;
  const holder = model.chats.named(name);
  if (holder?.account !== undefined) leaveName(step, holder);
  else if (holder !== undefined) merge(model, holder, chat);
  rename(step, chat, name);
  if (former) sendHeld(step, chat);
  return chat;
}

/** Tells, before anything else of the holder of a name, that another account had the name before. */
function tellSuccession(step: Step, chat: Chat): void {
  if (chat.succession !== "untold") return;
  step.model.chats.change(chat, { succession: "told" });
  step.notice({ kind: "namePassedOn", name: chat.name });
}

/** The account lives after all, by the word of a node: messages held for it are sent. */
function sendHeld(step: Step, chat: Chat): void {
  const held = [...step.model.messages.values()].filter((message) =>
    message.chat === chat && message.status === "held" && !message.deleted
  );
  if (held.length === 0) return;
  step.notice({ kind: "accountBack", name: chat.name, count: held.length });
  for (const message of held) {
    step.model.messages.change(message, { status: "queued" });
    step.refresh(message.id);
    step.send(message);
  }
}

/** The account is gone or has lost its name, by the word of a node. */
export function leaveName({ model }: Step, chat: Chat): void {
  if (model.chats.named(chat.name) === chat) model.names.delete(chat.name.toLowerCase());
  model.chats.retire(chat);
}

/** Two conversations turn out to be with one account. */
function merge(model: Model, from: Chat, into: Chat): void {
  for (const message of model.messages.values()) {
    if (message.chat === from) model.messages.change(message, { chat: into });
  }
  if (model.focus === from) model.focus = into;
  if (model.lastSender === from) model.lastSender = into;
  const drafts = new Set([into.draft, from.draft].filter((draft) => draft !== ""));
  model.chats.change(into, { unread: into.unread + from.unread, draft: [...drafts].join("\n") });
  model.chats.change(from, { draft: "" });
  model.chats.drop(from);
}

/** An account has another name now. */
export function rename(step: Step, chat: Chat, to: string): void {
  const { model } = step;
  const from = chat.name;
  if ((model.chats.named(from) ?? chat) === chat) model.names.delete(from.toLowerCase());
  model.chats.name(chat, to);
  tellSuccession(step, chat);
  model.names.set(to.toLowerCase(), to);
  renameInMessages(model, chat, to);
  if (from.toLowerCase() !== to.toLowerCase()) step.notice({ kind: "userRenamed", from, to });
}

/** An account is gone, with every message from and to it; messages that were not sent are held. */
export function leave(step: Step, chat: Chat): void {
  const { model } = step;
  const theirs = [...model.messages.values()].filter((message) => message.chat === chat);
  forget(step, theirs.filter(({ status }) => isStored(status)).map(({ id }) => id));
  leaveName(step, chat);
  model.chats.change(chat, { deleted: true });
  step.notice({ kind: "userDeleted", name: chat.name });
  for (const message of theirs) if (model.pending.withdraw(message.id)) step.hold(message);
}

/** An account is gone that this client has no conversation with. */
export function leaveUnmet(step: Step, name: string, account: string | undefined): void {
  const { chats, names } = step.model;
  if (chats.named(name) === undefined && chats.forgetAccount(name, account)) names.delete(name.toLowerCase());
  step.notice({ kind: "userDeleted", name });
}

function isStored(status: string): boolean {
  return status === "unread" || status === "delivered" || status === "read";
}
