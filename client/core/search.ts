/**
 * Searches in one's own messages: found page by page, and shown with the newest last, as a history.
 *
 * @module
 */

import type { ConfirmedReply } from "../../common/protocol/replies.ts";
import { learn } from "./learning.ts";
import type { Nonsense } from "./loss.ts";
import { show } from "./messages.ts";
import { pageNonsense } from "./nonsense.ts";
import type { FoundMessage, SearchRange, SearchWalk } from "./search_walk.ts";
import type { Step } from "./step.ts";

type Page = Extract<ConfirmedReply, { name: "found" }>["payload"];

/** The most messages in a page of the server. */
const PAGE_MAX = 100;

/** The most messages that a search finds: they are held until the oldest of them is there. */
export const FOUND_MAX = 5_000;

/** Begins a search. */
export function askSearch(step: Step, range: SearchRange): void {
  step.model.olderFound = undefined;
  askPage(step, { range, found: [] });
}

/** Goes on with the search whose newest messages are shown. */
export function searchOn(step: Step): void {
  const { olderFound } = step.model;
  if (olderFound !== undefined) askPage(step, { range: olderFound, found: [] });
}

function askPage(step: Step, walk: SearchWalk): void {
  const { range: { words, with: name, count, before: first }, found, edge } = walk;
  const before = edge?.id ?? first;
  const payload = {
    words,
    limit: Math.min(PAGE_MAX, count - found.length),
    ...(name === undefined ? {} : { with: name }),
    ...(before === undefined ? {} : { before }),
  };
  step.ask({ name: "search", payload }, { kind: "search", walk });
}

/** The reason why a node cannot have meant a page; undefined for a good one. */
export function foundProblem({ range, found, edge }: SearchWalk, page: Page): Nonsense | undefined {
  return pageNonsense(page, {
    with: range.with,
    seen: [...found.map(identityOf), edge?.id ?? range.before ?? ""],
    keyOf: identityOf,
    from: edge?.timestamp ?? Infinity,
    direction: -1,
    found: true,
  });
}

function identityOf({ id, sender, recipient }: FoundMessage): string {
  return `${sender} ${recipient} ${id}`;
}

/** Takes a page, and asks for the next one until everything wanted is there. */
export function takeFound(step: Step, { range, found: before }: SearchWalk, { messages, more }: Page): void {
  // The oldest is met first, so that short ids go up with time.
  const there = messages.toReversed().filter((each) => learn(step, each) !== undefined).toReversed();
  const found = [...before, ...there.map(({ id, sender, recipient }) => ({ id, sender, recipient }))];
  const edge = messages.at(-1);
  const walk = { range, found, edge };
  if (more && edge !== undefined && found.length < range.count) askPage(step, walk);
  else showFound(step, walk, more);
}

function showFound(step: Step, { range, found, edge }: SearchWalk, more: boolean): void {
  const { model } = step;
  const { words, with: name } = range;
  const ids = [...new Set(found.map(({ id }) => id))];
  const messages = ids.flatMap((id) => model.messages.get(id) ?? []).filter(({ deleted }) => !deleted);
  const isOlder = range.before !== undefined;
  step.notice({ kind: "found", ids: messages.map(({ id }) => id), words, with: name, older: isOlder });
  show(step, messages.toReversed());
  model.olderFound = more && edge !== undefined ? { ...range, before: edge.id } : undefined;
  if (model.olderFound !== undefined) step.notice({ kind: "olderFound" });
}
