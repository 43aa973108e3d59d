/**
 * Runs inquiries in one go.
 *
 * @module
 */

import { assert } from "@std/assert";
import type { ArchiveQuery } from "../../server/core/messages/archived.ts";
import type { Answer, Inquiry } from "../../server/core/messages/inquiry.ts";
import type { Slices } from "../../server/core/slices.ts";

/**
 * The result of a computation that nothing interrupts.
 *
 * @param answer answers its questions; unless given, there must be none
 */
export function wholeOf<Result>(inquiry: Inquiry<Result>, answer?: (query: ArchiveQuery) => Answer): Result {
  let answered: Answer | undefined;
  for (;;) {
    const { done, value } = inquiry.next(answered);
    if (done) return value;
    answered = typeof value === "number" ? undefined : answer?.(value);
    assert(typeof value === "number" || answered !== undefined, "a question that nobody answers");
  }
}

/** The same in slices: an inquiry that must not ask. */
export function* slicesOf<Result>(inquiry: Inquiry<Result>): Slices<Result> {
  for (;;) {
    const { done, value } = inquiry.next(undefined);
    if (done) return value;
    assert(typeof value === "number", "the archive was asked for what is all in memory");
    yield value;
  }
}
