/**
 * The rules of WATCH (client protocol, section 4.2).
 *
 * @module
 */

import type { Limits } from "../../../common/limits.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { patternOf } from "../accounts/users.ts";
import { type Refusal, refusal } from "../decision.ts";
import { pageLimit } from "../messages/pages.ts";
import type { WatchWish } from "./watched_people.ts";

/** Longest name that can be watched, characters: a name, `~`, the name of a node and a number are 72 at most. */
const NAME_LENGTH_MAX = 80;

/** The people that a request asks to watch, or its refusal. */
export function wishOf(
  { people, names = [] }: NonNullable<RequestPayload<"watchPeople">>,
  limits: Limits,
): WatchWish | Refusal {
  const { watchedNames, usersPageMax } = limits;
  if (names.length > watchedNames) {
    const way = "watch the others as a range of the list, or fewer";
    return refusal("bad-request", `names has ${names.length} names and the limit is ${watchedNames}; ${way}`);
  }
  const long = names.findIndex(({ length }) => length > NAME_LENGTH_MAX);
  if (long >= 0) {
    const length = names[long]?.length;
    return refusal(
      "bad-request",
      `names[${long}] has ${length} characters; no name has over ${NAME_LENGTH_MAX}`,
    );
  }
  const unique = new Set(names.map((name) => name.toLowerCase()));
  if (people === undefined) return { names: unique, range: undefined };
  const limit = pageLimit(people.limit, usersPageMax, usersPageMax);
  if (typeof limit === "object") return limit;
  const pattern = patternOf(people.match);
  if (typeof pattern === "object") return pattern;
  return { names: unique, range: { pattern, after: (people.after ?? "").toLowerCase(), limit } };
}
