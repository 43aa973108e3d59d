/**
 * Requests about messages that may have left memory: what they have to know, the archive answers.
 *
 * @module
 */

import { assert } from "../../../common/errors.ts";
import type { Account } from "../accounts/account.ts";
import { isRefusal, type Refusal } from "../decision.ts";
import type { State } from "../state.ts";
import type { ArchivedMessage, ArchivePage, ArchiveQuery } from "./archived.ts";
import { detachedMessage } from "./detached_message.ts";
import type { Message } from "./message.ts";

/** The answer of the archive, or why there is none now. */
export type Answer = ArchivePage | Refusal;

/**
 * A computation in slices that may ask the archive: it yields the work of a slice, in units, or a question, of which it
 * gets the answer. The state may change at each of them.
 */
export type Inquiry<Result> = Generator<number | ArchiveQuery, Result, Answer | undefined>;

/** Asks, and waits for the answer. */
export function* ask(query: ArchiveQuery): Inquiry<Answer> {
  const answer = yield query;
  assert(answer !== undefined, "a question goes on with its answer");
  return answer;
}

/** Most ids of one question. */
const IDS_MAX = 500;

/**
 * The messages with these ids that have left memory, as they are now, whoever sent them.
 *
 * @param account the account that asks
 */
export function* lookUp(
  state: State,
  account: Account,
  ids: readonly string[],
): Inquiry<readonly Message[] | Refusal> {
  const unasked = new Set(ids);
  const found: ArchivedMessage[] = [];
  // Again after each answer: meanwhile, more of these messages may have left memory.
  for (;;) {
    const next = [...unasked].filter((id) => state.evicted.mayHave(id)).slice(0, IDS_MAX);
    // What was in memory at its answer may have left it since.
    if (next.length === 0) return found.flatMap((each) => detachedMessage(state, each) ?? []);
    const answer = yield* ask({ type: "ids", account: account.id, ids: next });
    if (isRefusal(answer)) return answer;
    for (const id of next) unasked.delete(id);
    found.push(...answer.messages);
  }
}
