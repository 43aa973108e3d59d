/**
 * News of the people who are looked at.
 *
 * @module
 */

import type { Push } from "../../common/protocol/pushes.ts";
import type { Model } from "./model.ts";
import { chatOf, leave, leaveUnmet, meet, note } from "./people.ts";
import type { Step } from "./step.ts";
import { unreadFrom } from "./watching.ts";

type PersonPush = Extract<Push, { name: "person" }>["payload"];

/** A person as they are now. */
interface Seen {
  readonly name: string;
  readonly account: string | undefined;
  readonly online: boolean;
}

/** Acts upon PERSON. */
export function takePerson(step: Step, { name, account, change, to = name }: PersonPush): void {
  const { model } = step;
  switch (change) {
    case "deleted":
      model.people.remove(account);
      return personLeft(step, name, account);
    case "renamed":
      model.people.remove(account);
      return personRenamed(step, { name, to, account });
    case "created":
    case "online":
    case "offline":
      if (!isOwn(model, account)) note(step, name, account);
      return personChanged(step, { name, account, online: change === "online" });
  }
}

/** Somebody came, or went, or is new. */
export function personChanged(step: Step, person: Seen): void {
  const { people, chats } = step.model;
  people.put({ ...person, unread: unreadFrom(chats, person.name, person.account) ?? 0 });
  seeChange(step, person);
}

/** An account is gone; a person who looks at the name is told once. */
function personLeft(step: Step, name: string, account: string): void {
  const { model } = step;
  const isTold = isLookedAt(model, name) && model.presence.get(name)?.account === account;
  forgetSight(model, name, account);
  const chat = chatOf(model, name, account);
  if (chat?.deleted) return;
  if (chat !== undefined) return leave(step, chat);
  if (isTold) return leaveUnmet(step, name, account);
  model.chats.forgetAccount(name, account);
}

interface Renamed {
  readonly name: string;
  readonly to: string;
  readonly account: string;
}

function personRenamed(step: Step, { name, to, account }: Renamed): void {
  const { model } = step;
  // The own account hears of its new name by USER.
  if (isOwn(model, account)) return;
  const isListed = model.listed.some((each) => each.name === name);
  forgetSight(model, name, account);
  const chat = chatOf(model, name, account);
  if (chat !== undefined) {
    model.chats.bind(chat, account);
    return void meet(step, to, account);
  }
  model.chats.forgetAccount(name, account);
  note(step, to, account);
  if (isListed) step.notice({ kind: "userRenamed", from: name, to });
  model.listed = model.listed.map((each) => each.name === name ? { ...each, name: to } : each);
}

function forgetSight({ presence }: Model, name: string, account: string): void {
  if (presence.get(name)?.account === account) presence.see(name, undefined, undefined);
}

function isOwn(model: Model, account: string): boolean {
  return model.account?.id === account;
}

/** True if the person at the client is told of changes of whoever has the name. */
function isLookedAt({ chats, focus, listed }: Model, name: string): boolean {
  const chat = chats.named(name);
  return (chat !== undefined && chat === focus) || listed.some((each) => each.name === name);
}

/** Somebody came or went just now. */
function seeChange(step: Step, { name, account, online }: Seen): void {
  const { model } = step;
  const before = model.presence.get(name)?.online;
  model.presence.see(name, online, account);
  if (before !== online && isLookedAt(model, name)) step.notice({ kind: "userOnline", name, online });
}

/** A node has told who is there under a name: news only if it was told otherwise before. */
export function seePresent(step: Step, { name, account, online }: Seen): void {
  const { model } = step;
  const before = model.presence.get(name)?.online;
  model.presence.see(name, online, account);
  const isNews = before !== undefined && before !== online;
  if (isNews && isLookedAt(model, name)) step.notice({ kind: "userOnline", name, online });
}
