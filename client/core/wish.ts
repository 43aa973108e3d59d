/**
 * The people whom somebody looks at: the part of the list of all people that is on the screen, and names.
 *
 * @module
 */

import { CLIENT_LIMITS } from "../../common/client_limits.ts";
import type { RequestPayload } from "../../common/protocol/requests.ts";
import type { PeopleRange } from "./people_list.ts";

/** Longest filter, characters: names are much shorter. */
const MATCH_MAX = 256;

/** A name as nodes give it: none of its characters has a meaning of its own in a wildcard. */
const SHOWN_NAME = /^[\w.~-]{1,80}$/;

/** People who are looked at. */
export interface Wish {
  readonly people?: PeopleRange | undefined;
  readonly names: readonly string[];
}

/** Nobody is looked at. */
export const NOBODY: Wish = { names: [] };

/** True for a name that somebody can have, registered or not. */
export function isShownName(name: string): boolean {
  return SHOWN_NAME.test(name);
}

/** A wish within the limits of WATCH: what is beyond them is left out. */
export function boundedWish({ people, names }: Wish): Wish {
  const byKey = new Map(names.filter(isShownName).map((name) => [name.toLowerCase(), name]));
  const bounded = [...byKey.values()].slice(0, CLIENT_LIMITS.watchedNames);
  if (people === undefined || people.count < 1) return { names: bounded };
  const count = Math.min(Math.floor(people.count), CLIENT_LIMITS.usersPageMax);
  return { people: { ...people, match: people.match?.slice(0, MATCH_MAX), count }, names: bounded };
}

/** True if the same people are looked at. */
export function isSameWish(one: Wish, other: Wish): boolean {
  const { names } = other;
  return isSameRange(one.people, other.people) && one.names.length === names.length &&
    one.names.every((name, i) => name === names[i]);
}

/** True for the same part of the list. */
export function isSameRange(one: PeopleRange | undefined, other: PeopleRange | undefined): boolean {
  return one?.match === other?.match && one?.after === other?.after && one?.count === other?.count;
}

/** True if nobody is looked at. */
export function isEmptyWish({ people, names }: Wish): boolean {
  return people === undefined && names.length === 0;
}

/** The payload of WATCH for a wish. */
export function watchPayload(wish: Wish): RequestPayload<"watchPeople"> {
  if (isEmptyWish(wish)) return null;
  const { people, names } = wish;
  return people === undefined ? { names } : { people: pagePayload(people), names };
}

/** The payload of LIST_USERS for a part of the list. */
export function pagePayload(
  { match, after, count }: PeopleRange,
): { readonly match?: string; readonly after?: string; readonly limit: number } {
  return {
    limit: count,
    ...(match === undefined ? {} : { match }),
    ...(after === undefined ? {} : { after }),
  };
}
