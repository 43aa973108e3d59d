/**
 * Pages of users (client protocol, LIST_USERS), and the whole lists of the original dialect.
 *
 * @module
 */

import type { Limits } from "../../../common/limits.ts";
import { type FeatureSet, NO_FEATURES } from "../../../common/protocol/features.ts";
import { OriginalListFrame } from "../../../common/protocol/original_list_frame.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { answer, type Decision, type Refusal, refusal } from "../decision.ts";
import { pageLimit } from "../messages/pages.ts";
import { SLICE_WORK, type Slices, workOfBytes } from "../slices.ts";
import type { State } from "../state.ts";
import { type Account, idFieldBytes } from "./account.ts";
import { inOrderOfRegistration } from "./registration_order.ts";
import { wildcardMatches, wildcardPrefix } from "../../../common/wildcard.ts";

/** Longest accepted wildcard, characters; names are much shorter. */
const WILDCARD_LENGTH_MAX = 256;

/** Bytes of a user on a page beyond the name: tags, lengths, keys, the unread count. */
const PAGE_OVERHEAD_BYTES = 64;

/**
 * A page of the users whose names match a wildcard, sorted by name in lower case, for a session with these
 * features. It ends at the requested limit or at the frame limit. A user who is listed under that name all the time
 * is on it, or on a later page; one who was deleted or renamed between two slices is not.
 */
export function* decideListUsers(
  state: State,
  account: Account,
  page: RequestPayload<"listUsers">,
  isOnline: (account: Account) => boolean,
  limits: Limits,
  features = NO_FEATURES,
): Slices<Decision | Refusal> {
  const limit = pageLimit(page.limit, limits.usersPage, limits.usersPageMax);
  if (typeof limit === "object") return limit;
  const pattern = patternOf(page.match);
  if (typeof pattern === "object") return pattern;
  const room = { users: limit, bytes: limits.frameBytes, features };
  const { accounts, more } = yield* matchingUsers(state, pattern, page.after ?? "", room);
  const users = accounts.map((other) => {
    const { name, id } = other;
    const online = !other.blocks(account) && isOnline(other);
    return { name, unread: unreadFrom(account, other), online, account: id };
  });
  return answer({ name: "users", payload: { users, more } });
}

/** The wildcard of a list in lower case, every name unless it is given, or the refusal of one that is too long. */
export function patternOf(match = "*"): string | Refusal {
  const { length } = match;
  if (length <= WILDCARD_LENGTH_MAX) return match.toLowerCase();
  return refusal("bad-request", `match has ${length} characters and the limit is ${WILDCARD_LENGTH_MAX}`);
}

/** Room on a page. */
interface Room {
  readonly users: number;
  readonly bytes: number;
  /** Features of the session: they add to the bytes of a user. */
  readonly features: FeatureSet;
}

/** Accounts on a page, and true if others may follow. */
interface Matching {
  readonly accounts: readonly Account[];
  readonly more: boolean;
}

/**
 * The first accounts with a matching name after `after`, as far as a page has room. None of them was deleted or renamed
 * while the page was made.
 *
 * @param pattern a wildcard in lower case
 */
export function* matchingUsers(state: State, pattern: string, after: string, room: Room): Slices<Matching> {
  for (let last = after.toLowerCase();;) {
    const { names, accounts, more } = yield* collectUsers(state, pattern, last, room);
    const listed = accounts.filter((each, i) => state.directory.named(names[i] ?? "") === each);
    // An empty page before the last one would end the listing.
    if (listed.length > 0 || !more) return { accounts: listed, more };
    last = names.at(-1) ?? last;
  }
}

interface Collected extends Matching {
  /** Names in lower case that the accounts had. */
  readonly names: readonly string[];
}

/**
 * The same, but some may be deleted or renamed until the last slice: then the directory has nobody, or somebody else,
 * under their name.
 */
function* collectUsers(state: State, pattern: string, after: string, room: Room): Slices<Collected> {
  const names: string[] = [];
  const accounts: Account[] = [];
  let bytes = PAGE_OVERHEAD_BYTES;
  let work = 0;
  for (const batch of state.directory.names(wildcardPrefix(pattern), after)) {
    for (const name of batch) {
      const other = wildcardMatches(pattern, name) ? state.directory.named(name) : undefined;
      const userBytes = other === undefined ? 0 : bytesOf(other, room.features);
      bytes += userBytes;
      if (other !== undefined) {
        if (names.length === room.users || (names.length > 0 && bytes > room.bytes)) {
          yield work;
          return { names, accounts, more: true };
        }
        names.push(name);
        accounts.push(other);
      }
      work += 1 + workOfBytes(pattern.length + userBytes);
      if (work < SLICE_WORK) continue;
      yield work;
      work = 0;
    }
  }
  yield work;
  return { names, accounts, more: false };
}

/** Upper bound of the bytes of a user on a page for a session with these features. */
function bytesOf(account: Account, features: FeatureSet): number {
  return account.name.length + PAGE_OVERHEAD_BYTES + idFieldBytes(account, features);
}

function unreadFrom(account: Account, other: Account): number {
  return account.conversations.get(other.id)?.unread(account) ?? 0;
}

/** Bytes of a user in an original reply beyond the name: tags, lengths, the unread count. */
const USER_OVERHEAD_BYTES = 14;

/** Frame of all displayed names with their unread counts, as far as one reply of the original dialect holds them. */
export function* listAllUsers(state: State, account: Account, limits: Limits): Slices<readonly Uint8Array[]> {
  const frame = new OriginalListFrame("users");
  yield* eachListed(state, limits, (other) => frame.addUser(other.name, unreadFrom(account, other)));
  return frame.end();
}

/** All displayed names, as far as one reply of the original dialect holds them. */
export function* allNames(state: State, limits: Limits): Slices<string[]> {
  const names: string[] = [];
  yield* eachListed(state, limits, (account) => names.push(account.name));
  return names;
}

/** Calls back for each listed account, in the order of registration, as far as one reply of the original dialect holds them. */
function* eachListed(state: State, limits: Limits, take: (account: Account) => void): Slices<void> {
  let bytes = USER_OVERHEAD_BYTES;
  let work = 0;
  for (const account of yield* inOrderOfRegistration(state)) {
    if (!account.alive) continue;
    const userBytes = account.name.length + USER_OVERHEAD_BYTES;
    bytes += userBytes;
    if (bytes > limits.replyBytes) break;
    take(account);
    work += 1 + workOfBytes(userBytes);
    if (work >= SLICE_WORK) {
      yield work;
      work = 0;
    }
  }
  yield work;
}
