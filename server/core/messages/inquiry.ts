/**
 * Requests about messages that may have left memory: what they have to know, the archive answers.
 *
 * @module
 */

import { assert } from "../../../common/errors.ts";
import type { Account } from "../accounts/account.ts";
import { isRefusal, type Refusal } from "../decision.ts";
import type { State } from "../state.ts";
import type { ArchivePage, ArchiveQuery } from "./archived.ts";
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
  const asked = [...new Set(ids)].filter((id) => state.evicted.mayHave(id));
  const messages: Message[] = [];
  for (let i = 0; i < asked.length; i += IDS_MAX) {
    const answer = yield* ask({ type: "ids", account: account.id, ids: asked.slice(i, i + IDS_MAX) });
    if (isRefusal(answer)) return answer;
    for (const each of answer.messages) {
      const message = detachedMessage(state, each);
      if (message !== undefined) messages.push(message);
    }
  }
  return messages;
}
