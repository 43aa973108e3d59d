/**
 * Pages of which a part is not in memory: the archive has all messages of their range up to its place, and memory those
 * that are unsettled or newer.
 *
 * @module
 */

import type { Account } from "../accounts/account.ts";
import type { State } from "../state.ts";
import type { ArchivedMessage, Asking, MessagePlace, PageQuery } from "./archived.ts";
import { type Conversation, firstNotBefore } from "./conversation.ts";
import { detachedMessage } from "./detached_message.ts";
import { compareMessages, type Message } from "./message.ts";
import { fittingCount, type Page, type Room } from "./page_room.ts";

/** A page to be made. */
interface PageTask {
  readonly state: State;
  /** The account that asks. */
  readonly account: Account;
  readonly conversation: Conversation;
  readonly side: PageQuery["side"];
  /** The page begins beside this message, which need not be in memory; `undefined` for the newest. */
  readonly mark: Message | undefined;
  readonly room: Room;
}

/** Asks for a page; its messages go away from the mark. */
export function askForPage(task: PageTask): Asking<Page> {
  const { mark } = task;
  return askBehind(
    task,
    mark && { time: mark.time, origin: mark.origin, id: mark.id, sender: mark.sender.id },
    [],
  );
}

/** @param rows what the archive has answered so far, up to the place */
function askBehind(
  task: PageTask,
  place: MessagePlace | undefined,
  rows: readonly ArchivedMessage[],
): Asking<Page> {
  const { account, conversation, side, room } = task;
  const other = conversation.other(account).id;
  // One more than the page holds shows that there are more.
  const limit = room.messages + 1;
  return {
    asks: { type: "page", account: account.id, other, side, place, limit, bytes: room.bytes },
    answered: ({ messages, more }) => joined(task, [...rows, ...messages], more),
  };
}

/** Joins the two parts. Between the last row and messages in memory behind it, the archive may have others. */
function joined(task: PageTask, rows: readonly ArchivedMessage[], more: boolean): Page | Asking<Page> {
  const { state, account, side, room } = task;
  const last = more ? rows.at(-1) : undefined;
  const edge = last && (detachedMessage(state, last) ?? residentOf(state, last));
  const archived = rows.flatMap((row) => detachedMessage(state, row) ?? [])
    .filter((message) => !message.isGoneFor(account));
  const step = side === "before" ? -1 : 1;
  const all = [...archived, ...residentRange(task, edge)].sort((a, b) => step * compareMessages(a, b));
  const count = fittingCount(all, room);
  // Marks that the archive does not have yet may have taken messages off the page, and all that seem to be behind it.
  if (edge !== undefined && count === all.length) return askBehind(task, last, rows);
  return { messages: all.slice(0, count), more: count < all.length };
}

function residentOf(
  state: State,
  { sender, recipient, id }: ArchivedMessage,
): Message | undefined {
  const [from, to] = [state.accounts.get(sender), state.accounts.get(recipient)];
  return from && to && state.messages.find(from, to, id);
}

/** The messages in memory from the mark up to the edge, both without the message itself but the edge. */
function residentRange(
  { account, conversation, side, mark, room }: PageTask,
  edge: Message | undefined,
): Message[] {
  const { messages } = conversation;
  const step = side === "before" ? -1 : 1;
  const range: Message[] = [];
  for (let i = firstIndex(messages, side, mark); range.length <= room.messages; i += step) {
    const message = messages[i];
    if (message === undefined || edge && step * compareMessages(message, edge) > 0) break;
    if (message.visibleTo(account)) range.push(message);
  }
  return range;
}

function firstIndex(
  messages: readonly Message[],
  side: PageQuery["side"],
  mark: Message | undefined,
): number {
  if (mark === undefined) return messages.length - 1;
  const i = firstNotBefore(messages, mark);
  if (side === "before") return i - 1;
  const message = messages[i];
  return message !== undefined && compareMessages(message, mark) === 0 ? i + 1 : i;
}
