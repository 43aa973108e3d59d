/**
 * Pages of which a part is not in memory: the archive has all messages of their range up to its place, and memory those
 * that are unsettled or newer.
 *
 * @module
 */

import type { Account } from "../accounts/account.ts";
import { isRefusal, type Refusal, refusal } from "../decision.ts";
import { workOfBytes } from "../slices.ts";
import type { State } from "../state.ts";
import type { ArchivePage, NamedPlace, PageQuery } from "./archived.ts";
import { type Conversation, firstNotBefore } from "./conversation.ts";
import { detachedMessage, isGone, residentMessage } from "./detached_message.ts";
import { ask, type Inquiry } from "./inquiry.ts";
import { compareMessages, type Message, messageBytes, type Placed } from "./message.ts";
import { fittingCount, type Page, type Room } from "./page_room.ts";

/** A page to be made. */
interface PageTask {
  readonly state: State;
  /** The account that asks. */
  readonly account: Account;
  readonly conversation: Conversation;
  readonly side: PageQuery["side"];
  /**
   * The page begins beside this message, which need not be in memory; `undefined` for the newest. Of one that is named
   * by its id, only the archive knows the place.
   */
  readonly mark: Placed | NamedPlace | undefined;
  readonly room: Room;
}

/** Most messages of one answer: a longer page takes several. */
const ANSWER_MAX = 501;

/** The messages between two places, away from the mark. */
interface Stretch {
  readonly messages: readonly Message[];
  /** Its end, if there may be others behind it. */
  readonly edge: Placed | undefined;
}

/** Makes a page with what the archive has of it; its messages go away from the mark. */
export function* joinedPage(task: PageTask): Inquiry<Page | Refusal> {
  const { state, account, room } = task;
  let messages: Message[] = [];
  let bytes = 0;
  for (let mark = task.mark;;) {
    const answer = yield* ask(queryOf(task, mark));
    if (isRefusal(answer)) return answer;
    // At once: what leaves memory later is in this stretch already.
    const place = placeOf(state, mark, answer);
    if (place !== undefined && isRefusal(place)) return place;
    const { messages: stretch, edge } = joined(task, place, answer);
    const stretchBytes = bytesOf(stretch, room);
    bytes += stretchBytes;
    messages.push(...stretch);
    yield workOfBytes(stretchBytes);
    mark = edge;
    if (edge !== undefined && messages.length <= room.messages && bytes <= room.bytes) continue;
    messages = messages.filter((message) => !isGone(state, message, account));
    const count = fittingCount(messages, room);
    // One more than the page holds shows that there are more.
    if (edge === undefined || count < messages.length) {
      return { messages: messages.slice(0, count), more: count < messages.length };
    }
    bytes = bytesOf(messages, room);
  }
}

function bytesOf(messages: readonly Message[], { features }: Room): number {
  return messages.reduce((sum, message) => sum + messageBytes(message, features), 0);
}

/** The message that the archive was asked for, now that it has answered. */
function placeOf(
  state: State,
  mark: PageTask["mark"],
  { mark: archived }: ArchivePage,
): Placed | Refusal | undefined {
  if (mark === undefined || isPlaced(mark)) return mark;
  const message = archived && (residentMessage(state, archived) ?? detachedMessage(state, archived));
  return message ?? refusal("unknown-message", `the id ${mark.id} is not in this conversation`);
}

function isPlaced(mark: Placed | NamedPlace): mark is Placed {
  return "time" in mark;
}

function queryOf({ account, conversation, side, room }: PageTask, mark: PageTask["mark"]): PageQuery {
  return {
    type: "page",
    account: account.id,
    other: conversation.other(account).id,
    side,
    place: mark && isPlaced(mark)
      ? { time: mark.time, origin: mark.origin, id: mark.id, sender: mark.sender.id }
      : mark,
    limit: Math.min(room.messages + 1, ANSWER_MAX),
    bytes: room.bytes,
  };
}

/** Joins the two parts of a stretch. Between its edge and messages in memory behind, the archive may have others. */
function joined(task: PageTask, mark: Placed | undefined, { messages: rows, more }: ArchivePage): Stretch {
  const { state, account, side } = task;
  const last = more ? rows.at(-1) : undefined;
  const { resident, edge } = residentStretch(task, mark, last && { ...last, sender: { id: last.sender } });
  const step = side === "before" ? -1 : 1;
  const archived = rows.flatMap((row) => detachedMessage(state, row) ?? []).filter((message) =>
    !message.isGoneFor(account) && (edge === undefined || step * compareMessages(message, edge) <= 0)
  );
  const messages = [...archived, ...resident].sort((a, b) => step * compareMessages(a, b));
  return { messages, edge };
}

/** The messages in memory behind the mark and up to the edge, or up to a nearer one if the page holds no more. */
function residentStretch(
  { account, conversation, side, room }: PageTask,
  mark: Placed | undefined,
  edge: Placed | undefined,
): { readonly resident: readonly Message[]; readonly edge: Placed | undefined } {
  const { messages } = conversation;
  const step = side === "before" ? -1 : 1;
  const resident: Message[] = [];
  let bytes = 0;
  for (let i = firstIndex(messages, side, mark);; i += step) {
    const message = messages[i];
    if (message === undefined || edge && step * compareMessages(message, edge) > 0) return { resident, edge };
    if (message.isGoneFor(account)) continue;
    resident.push(message);
    bytes += messageBytes(message, room.features);
    if (resident.length > room.messages || bytes > room.bytes) return { resident, edge: message };
  }
}

function firstIndex(
  messages: readonly Message[],
  side: PageQuery["side"],
  mark: Placed | undefined,
): number {
  if (mark === undefined) return messages.length - 1;
  const i = firstNotBefore(messages, mark);
  if (side === "before") return i - 1;
  const message = messages[i];
  return message !== undefined && compareMessages(message, mark) === 0 ? i + 1 : i;
}
