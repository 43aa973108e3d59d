/**
 * Messages that no server has, and drafts: saved while they change, and put back after a crash. A message that is
 * put back keeps its id, so that a server takes it once.
 *
 * @module
 */

import type { Chat } from "./chats.ts";
import { utf8Bytes } from "../../common/wire/bytes.ts";
import type { Message } from "./message.ts";
import type { Model } from "./model.ts";
import { withName } from "./people.ts";
import {
  type Outbox,
  readSaved,
  type Saved,
  SAVED_DRAFTS,
  SAVED_MESSAGES,
  savedForm,
  type SavedMessage,
  type SavedProblem,
} from "./saved.ts";
import { isSameAccount, SAVED_TEXT_BYTES, type SavedAccount } from "./saved_parts.ts";
import type { Step } from "./step.ts";

/** A number that changes with everything that is saved. */
export function outboxRevision({ messages, chats, pending }: Model): number {
  return messages.unsentRevision + chats.draftRevision + pending.sendRevision;
}

/** The outbox of the present account. */
export function outboxOf({ account, messages, chats, pending, node }: Model): Outbox {
  if (account === undefined) return { saved: undefined, leftOut: 0 };
  const sent = pending.mayBeStored;
  const unsent = [...messages.unsent].map((message) => savedMessage(message, sent.has(message.id)));
  const drafts = chats.drafted.map((chat) => ({ to: savedEnd(chat), text: chat.draft }));
  const kept = { messages: bounded(unsent, SAVED_MESSAGES), drafts: bounded(drafts, SAVED_DRAFTS) };
  const saved = savedForm({
    cluster: account.cluster ?? node?.welcome.cluster,
    of: { name: account.name, account: account.id },
    ...kept,
  });
  const leftOut = unsent.length + drafts.length - kept.messages.length - kept.drafts.length;
  return { saved, leftOut };
}

function bounded<Item extends { readonly text: string }>(
  items: readonly Item[],
  count: number,
): readonly Item[] {
  return items.filter(({ text }) => utf8Bytes(text) <= SAVED_TEXT_BYTES).slice(0, count);
}

function savedEnd({ name, account }: Chat): SavedAccount {
  return { name, account };
}

function savedMessage(
  { id, chat, content, timestamp, status, refusal }: Message,
  mayBeStored: boolean,
): SavedMessage {
  return {
    id,
    to: savedEnd(chat),
    text: content,
    timestamp,
    status: status === "held" || status === "failed" ? status : "queued",
    mayBeStored,
    refusal: refusal && { code: refusal.code, message: refusal.message },
  };
}

/** The person has begun to write to a chat; the draft is empty once it is sent. */
export function draft(step: Step, chat: Chat, text: string): void {
  if (canBeDraft(step, text)) step.model.chats.change(chat, { draft: text });
}

/** True if a text is short enough for a draft; the person is told if it is not. */
export function canBeDraft(step: Step, text: string): boolean {
  const bytes = utf8Bytes(text);
  if (bytes <= SAVED_TEXT_BYTES) return true;
  step.fail({ kind: "draftTooLong", bytes, bytesMax: SAVED_TEXT_BYTES });
  return false;
}

/** A text before a draft, each on lines of its own. */
export function joinDrafts(text: string, draft: string): string {
  return draft === "" ? text : `${text}\n${draft}`;
}

/** Puts back what was saved, if it is of this account. */
export function restore(step: Step, value: unknown): void {
  const { model } = step;
  const read = readSaved(value);
  if ("kind" in read) return refuse(step, value, read);
  const { saved, unreadable } = read;
  const problem = foreignness(model, saved);
  if (problem !== undefined) return refuse(step, value, problem);
  if (model.account !== undefined) {
    const { id = saved.of.account, cluster = saved.cluster } = model.account;
    model.account = { ...model.account, id, cluster };
  }
  model.isRestored ||= !model.loggedIn;
  const drafts = saved.drafts.map((each) => putBackDraft(model, each));
  const messages = saved.messages.filter((each) => putBack(step, each));
  const leftOut = unreadable + countOf(drafts, "tooLong");
  if (leftOut > 0) step.setAside(value);
  step.notice({ kind: "putBack", messages: messages.length, drafts: countOf(drafts, "putBack"), leftOut });
  step.flush();
}

/** Another account has logged in than the one whose messages and drafts were put back: they are kept elsewhere. */
export function setAsideRestored(step: Step): void {
  const { saved } = step.model.isRestored ? outboxOf(step.model) : {};
  if (saved !== undefined && saved.messages.length + saved.drafts.length > 0) step.setAside(saved);
}

function refuse(step: Step, value: unknown, problem: SavedProblem): void {
  step.setAside(value);
  step.fail({ kind: "savedRefused", problem });
}

/** The reason why something saved is not of the present account; undefined if it is. */
export function foreignness(
  { account, node }: Model,
  { of, cluster }: Pick<Saved, "of" | "cluster">,
): SavedProblem | undefined {
  const isOwn = account !== undefined && isSameAccount({ name: account.name, account: account.id }, of);
  if (!isOwn) return { kind: "otherAccount", name: of.name };
  const present = account?.cluster ?? node?.welcome.cluster ?? cluster;
  return cluster === undefined || cluster === present ? undefined : { kind: "otherCluster", cluster };
}

type DraftFate = "putBack" | "there" | "tooLong";

function countOf(fates: readonly DraftFate[], wanted: DraftFate): number {
  return fates.filter((fate) => fate === wanted).length;
}

/** Puts a draft back: before one that was begun since, whose writer is at its end. */
function putBackDraft(model: Model, { to, text }: Saved["drafts"][number]): DraftFate {
  const chat = savedChat(model, to);
  const { draft } = chat;
  // The same may be put back twice.
  if (`\n${draft}\n`.includes(`\n${text}\n`)) return "there";
  const joined = joinDrafts(text, draft);
  if (utf8Bytes(joined) > SAVED_TEXT_BYTES) return "tooLong";
  model.chats.change(chat, { draft: joined });
  return "putBack";
}

/** Puts a message back; false if a node has told of it already. */
function putBack(
  step: Step,
  { id, to, text, timestamp, status, mayBeStored, refusal }: SavedMessage,
): boolean {
  const { model } = step;
  if (model.messages.has(id) || model.deleted.has(id)) return false;
  const chat = savedChat(model, to);
  const message = model.messages.add({
    id,
    timestamp,
    sender: model.account?.name ?? "",
    recipient: chat.name,
    chat,
    content: text,
    status,
    deleted: false,
    refusal,
    shown: true,
  });
  step.show({ kind: "message", message: { ...message } });
  if (status === "queued" && chat.former) step.hold(message);
  else if (status === "queued") step.queue(message, mayBeStored);
  return true;
}

/** The conversation with an account, whoever has its name by now. */
export function savedChat(model: Model, { name, account }: SavedAccount): Chat {
  const { chats } = model;
  if (account === undefined) return withName(model, name);
  const known = chats.of(account);
  if (known !== undefined) return known;
  const holder = withName(model, name);
  if (holder.account === undefined) chats.bind(holder, account);
  return holder.account === account ? holder : chats.former(name, account);
}
