/**
 * LIST_MESSAGES where every message is in memory.
 *
 * @module
 */

import { assert } from "@std/assert";
import type { Decision, Refusal } from "../../server/core/decision.ts";
import { isAsking } from "../../server/core/messages/archived.ts";
import { decideListMessages } from "../../server/core/messages/pages.ts";
import type { Slices } from "../../server/core/slices.ts";

/** `decideListMessages`, which must not ask the archive. */
export function* listResident(...args: Parameters<typeof decideListMessages>): Slices<Decision | Refusal> {
  const outcome = yield* decideListMessages(...args);
  assert(!isAsking(outcome), "the archive was asked for messages that are all in memory");
  return outcome;
}
