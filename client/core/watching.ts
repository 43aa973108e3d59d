/**
 * Looking at people: the node is asked to tell their changes (WATCH), and for their present state after that
 * (LIST_USERS). A node that cannot tell changes is asked again from time to time.
 *
 * @module
 */

import { hasFeature } from "./addressing.ts";
import type { Chats } from "./chats.ts";
import { newLooking } from "./looking.ts";
import type { Model } from "./model.ts";
import type { Refusal } from "./refusal.ts";
import type { Step } from "./step.ts";
import {
  boundedWish,
  isEmptyWish,
  isSameRange,
  isSameWish,
  NOBODY,
  pagePayload,
  watchPayload,
  type Wish,
} from "./wish.ts";

/** Least time between two requests about the people on the screen, ms: a filter changes with each key. */
const REST_MS = 250;

/** Least time after which a node that does not tell changes is asked again, ms. */
const POLL_MS = 30_000;

/** Names that are asked about at once. */
const NAMES_AT_ONCE = 100;

/** The people on the screen are these from now on. */
export function lookAt(step: Step, { people, names }: Wish): void {
  const { model } = step;
  const { looking, listed, presence } = model;
  const wish = boundedWish({ people, names });
  if (isSameWish(wish, looking.wish)) return;
  if (!isSameRange(wish.people, looking.wish.people)) model.people.look(wish.people);
  looking.wish = wish;
  presence.look(
    wish.names.map((name) => listed.find((each) => each.name === name) ?? { name, online: undefined }),
  );
  look(step);
}

/** Asks about the people on the screen, if there is something to ask and it may be asked now. */
export function look(step: Step): void {
  const { model } = step;
  const { looking, presence, loggedIn, node } = model;
  if (!loggedIn || node === undefined || looking.isResting || isAsked(model)) return;
  const { wish, asked, isDue } = looking;
  const watches = hasFeature(model, "watch");
  const isOther = !isSameWish(wish, asked);
  if (!isOther && !isDue && !presence.hasDue) return;
  looking.asked = wish;
  looking.isDue = false;
  if (watches && (isOther || isDue)) {
    step.ask({ name: "watchPeople", payload: watchPayload(wish) }, { kind: "watch" });
    if (isDue) presence.doubt();
  }
  if (isDue || !isSameRange(wish.people, asked.people)) askPeople(step, wish);
  for (const name of presence.takeDue(NAMES_AT_ONCE)) {
    step.ask({ name: "listUsers", payload: { match: name, limit: 1 } }, { kind: "presence", name });
  }
  rest(step);
}

/** True while a reply that shows people is under way. */
function isAsked({ pending }: Model): boolean {
  return pending.has("people") || pending.has("presence");
}

function askPeople(step: Step, { people: range }: Wish): void {
  if (range === undefined) return;
  step.ask({ name: "listUsers", payload: pagePayload(range) }, { kind: "people", range });
}

function rest({ model: { looking }, effects }: Step): void {
  looking.isResting = true;
  looking.turn++;
  effects.push({ kind: "lookAfter", ms: REST_MS, turn: looking.turn });
}

/** The time of a `lookAfter` is over. */
export function lookAgain(step: Step, turn: number): void {
  const { looking } = step.model;
  if (turn !== looking.turn) return;
  if (!looking.isResting) looking.isDue = true;
  looking.isResting = false;
  look(step);
  if (turn === looking.turn && !looking.isDue) waitToPoll(step);
}

/** A node that tells no changes is asked again later. */
function waitToPoll({ model, effects }: Step): void {
  const { pollMs: ms, turn, wish: { people, names } } = model.looking;
  const isUseful = people !== undefined || (names.length > 0 && hasFeature(model, "watch"));
  if (ms !== undefined && isUseful) effects.push({ kind: "lookAfter", ms, turn });
}

/** The node tells changes from now on. */
export function watched({ model }: Step): void {
  model.looking.pollMs = undefined;
}

/** The node does not tell changes, or not the present state, at the moment. */
export function lookRefused(step: Step, { retryAfter = 0 }: Refusal): void {
  const { looking } = step.model;
  looking.pollMs = Math.max(POLL_MS, retryAfter * 1_000);
  if (!looking.isResting) waitToPoll(step);
}

/** Logged in: the people on the screen are asked about. */
export function beginLooking(step: Step): void {
  const { model } = step;
  const { looking } = model;
  // A login on the same connection may have left the watch of the login before.
  looking.isDue = !isEmptyWish(looking.asked);
  looking.pollMs = hasFeature(model, "watch") ? undefined : POLL_MS;
  look(step);
}

/** The connection broke: the next node is asked about everybody. */
export function loseSight({ looking, presence, pending }: Model): void {
  pending.drop("people");
  pending.drop("presence");
  presence.lose();
  const { wish, turn, followed } = looking;
  Object.assign(looking, { ...newLooking(), wish, turn: turn + 1, followed });
}

/** Nobody is logged in any more. */
export function lookAway({ looking, presence, people }: Model): void {
  people.clear();
  presence.clear();
  looking.wish = NOBODY;
}

/** Chats and rows take over what was learnt of people, after each input. */
export function followPeople({ chats, people, presence, looking }: Model): void {
  const changes = chats.peopleRevision + presence.revision;
  if (changes === looking.followed) return;
  looking.followed = changes;
  people.count(({ name, account }) => unreadFrom(chats, name, account));
  for (const chat of chats.all) chats.change(chat, { online: presence.of(chat.name, chat.account) });
}

/** Unread messages of an account, or of the holder of a name; `undefined` without a conversation. */
export function unreadFrom(chats: Chats, name: string, account: string | undefined): number | undefined {
  const chat = (account === undefined ? undefined : chats.of(account)) ?? chats.named(name);
  const isOther = chat?.account !== undefined && account !== undefined && chat.account !== account;
  return isOther ? undefined : chat?.unread;
}
