/**
 * Pages of a history, shown oldest first. However long it is, only a bounded number of messages is held.
 *
 * @module
 */

import type { ChatMessage } from "../../common/protocol/shapes.ts";
import type { HistoryRange, HistoryWalk } from "./history_walk.ts";
import type { Nonsense } from "./loss.ts";
import { show } from "./messages.ts";
import type { Message } from "./message.ts";
import { pageNonsense } from "./nonsense.ts";
import { withName } from "./people.ts";
import type { Step } from "./step.ts";

/** The most messages in a page of the server. */
export const PAGE_MAX = 500;

/** The most messages that a walk holds until it shows them. */
export const HELD_MAX = 5_000;

/** A page as the node sent it, and its messages that are not deleted here. */
interface Page {
  readonly told: readonly ChatMessage[];
  readonly messages: readonly Message[];
  readonly more: boolean;
}

/** Begins to show a part of a conversation. */
export function askHistory(step: Step, range: HistoryRange): void {
  step.model.olderFound = undefined;
  askBack(step, { range, direction: "back", held: [], met: 0, begins: false });
}

/** Asks for the messages before the oldest one shown. */
export function askOlder(step: Step, name: string, count: number): void {
  askHistory(step, { with: name, count, before: step.model.chats.named(name)?.oldestShown });
}

function askBack(step: Step, walk: HistoryWalk): void {
  const { range, edge, met } = walk;
  const isTimed = range.since !== undefined || range.until !== undefined;
  const limit = isTimed ? PAGE_MAX : Math.min(PAGE_MAX, range.count - met);
  const before = edge?.id ?? range.before;
  const payload = { with: range.with, limit, ...(before === undefined ? {} : { before }) };
  step.ask({ name: "listMessages", payload }, { kind: "history", walk });
}

function askOn(step: Step, walk: HistoryWalk, after: string): void {
  const payload = { with: walk.range.with, limit: PAGE_MAX, after };
  step.ask({ name: "listMessages", payload }, { kind: "history", walk });
}

/** The reason why a node cannot have meant a page; undefined for a good one. */
export function pageProblem(
  { range: { with: name, before }, direction, edge, held }: HistoryWalk,
  page: { readonly messages: readonly ChatMessage[]; readonly more: boolean },
): Nonsense | undefined {
  const isBack = direction === "back";
  const problem = pageNonsense(page, {
    with: name,
    seen: [...(isBack ? held : []), edge?.id ?? before ?? ""],
    keyOf: ({ id }) => id,
    from: isBack ? -Infinity : edge?.timestamp ?? 0,
    direction: 1,
    found: false,
  });
  const newest = page.messages.at(-1);
  const isBeyond = isBack && edge && newest && newest.timestamp > edge.timestamp;
  return problem ?? (isBeyond ? { kind: "newerPage" } : undefined);
}

/** Takes a page, and asks for the next one until everything wanted is there. */
export function takeHistory(step: Step, walk: HistoryWalk, page: Page): void {
  if (walk.direction === "back") takeBack(step, walk, page);
  else takeOn(step, walk, page);
}

function takeBack(step: Step, walk: HistoryWalk, { told, messages, more }: Page): void {
  const { range } = walk;
  const { count, since = -Infinity, until = Infinity } = range;
  const inTime = messages.filter(({ timestamp }) => timestamp >= since && timestamp < until);
  const wanted = inTime.slice(Math.max(0, inTime.length - (count - walk.met)));
  const first = told[0];
  const met = walk.met + wanted.length;
  const next: HistoryWalk = {
    ...walk,
    met,
    held: [...wanted.map(({ id }) => id), ...walk.held].slice(0, HELD_MAX),
    newest: walk.newest ?? edgeOf(wanted.at(-1)),
    edge: edgeOf(first),
    begins: !more,
  };
  const isComplete = first === undefined || !more || met >= count || first.timestamp < since;
  if (isComplete) showHeld(step, next);
  else askBack(step, next);
}

/** The oldest message is found: shows those that are held, and goes on to the others. */
function showHeld(step: Step, walk: HistoryWalk): void {
  const { model } = step;
  const { held, met, range } = walk;
  const chat = withName(model, range.with);
  const [oldest] = held;
  if (oldest === undefined) {
    const isTimed = range.since !== undefined || range.until !== undefined;
    return step.notice({ kind: isTimed ? "noMessagesThen" : "noOlderMessages", with: chat.name });
  }
  chat.oldestShown = oldest;
  const messages = held.flatMap((id) => model.messages.get(id) ?? []);
  show(step, messages.filter(({ deleted }) => !deleted));
  const last = messages.at(-1);
  if (met === held.length || last === undefined) return end(step, walk);
  askOn(step, { ...walk, direction: "on", held: [], edge: edgeOf(last) }, last.id);
}

function takeOn(step: Step, walk: HistoryWalk, { told, messages, more }: Page): void {
  const endTime = walk.newest?.timestamp ?? Infinity;
  const last = told.at(-1);
  // Messages that came since the walk began are not part of it.
  show(step, messages.filter(({ timestamp }) => timestamp <= endTime));
  const isComplete = last === undefined || !more || last.id === walk.newest?.id || last.timestamp > endTime;
  if (isComplete) end(step, walk);
  else askOn(step, { ...walk, edge: edgeOf(last) }, last.id);
}

function end(step: Step, { begins, range }: HistoryWalk): void {
  if (begins) step.notice({ kind: "chatBegins", with: withName(step.model, range.with).name });
}

function edgeOf(message: Pick<Message, "id" | "timestamp"> | undefined): HistoryWalk["edge"] {
  return message === undefined ? undefined : { id: message.id, timestamp: message.timestamp };
}
