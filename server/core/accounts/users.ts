/**
 * Pages of users (client protocol, LIST_USERS).
 *
 * @module
 */

import type { Limits } from "../../../common/limits.ts";
import { NO_FEATURES } from "../../../common/protocol/features.ts";
import type { OriginalReply } from "../../../common/protocol/replies.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { answer, type Decision, type Refusal, refusal } from "../decision.ts";
import { pageLimit } from "../messages/pages.ts";
import type { State } from "../state.ts";
import { type Account, idFieldBytes } from "./account.ts";
import { wildcardMatches, wildcardPrefix } from "./wildcard.ts";

/** Longest accepted wildcard, characters; names are much shorter. */
const WILDCARD_LENGTH_MAX = 256;

/** Bytes of a user on a page beyond the name: tags, lengths, keys, the unread count. */
const PAGE_OVERHEAD_BYTES = 64;

/**
 * A page of the users whose names match a wildcard, sorted by name in lower case, for a session with these
 * features. It ends at the requested limit or at the frame limit.
 */
export function decideListUsers(
  state: State,
  account: Account,
  page: RequestPayload<"listUsers">,
  isOnline: (account: Account) => boolean,
  limits: Limits,
  features = NO_FEATURES,
): Decision | Refusal {
  const limit = pageLimit(page.limit, limits.usersPage, limits.usersPageMax);
  if (typeof limit === "object") return limit;
  const pattern = (page.match ?? "*").toLowerCase();
  if (pattern.length > WILDCARD_LENGTH_MAX) {
    const length = pattern.length;
    return refusal("bad-request", `match has ${length} characters and the limit is ${WILDCARD_LENGTH_MAX}`);
  }
  const users: { name: string; unread: number; online: boolean; account: string }[] = [];
  let bytes = PAGE_OVERHEAD_BYTES;
  for (const other of state.directory.from(wildcardPrefix(pattern), (page.after ?? "").toLowerCase())) {
    if (!wildcardMatches(pattern, other.name.toLowerCase())) continue;
    bytes += other.name.length + PAGE_OVERHEAD_BYTES + idFieldBytes(other, features);
    const full = users.length === limit || (users.length > 0 && bytes > limits.frameBytes);
    if (full) return answer({ name: "users", payload: { users, more: true } });
    const { name, id } = other;
    users.push({ name, unread: unreadFrom(account, other), online: isOnline(other), account: id });
  }
  return answer({ name: "users", payload: { users, more: false } });
}

function unreadFrom(account: Account, other: Account): number {
  return account.conversations.get(other.id)?.unread(account) ?? 0;
}

/** Bytes of a user in an original reply beyond the name: tags, lengths, the unread count. */
const USER_OVERHEAD_BYTES = 14;

/** All displayed names with their unread counts, as far as one reply of the original dialect holds them. */
export function listAllUsers(state: State, account: Account, limits: Limits): OriginalReply {
  const users = new Map<string, number>();
  let bytes = USER_OVERHEAD_BYTES;
  for (const other of state.directory.from("", "")) {
    bytes += other.name.length + USER_OVERHEAD_BYTES;
    if (bytes > limits.replyBytes) break;
    users.set(other.name, unreadFrom(account, other));
  }
  return { name: "users", payload: users };
}

/** All displayed names, as far as one reply of the original dialect holds them. */
export function allNames(state: State, limits: Limits): string[] {
  const names: string[] = [];
  let bytes = USER_OVERHEAD_BYTES;
  for (const account of state.directory.from("", "")) {
    bytes += account.name.length + USER_OVERHEAD_BYTES;
    if (bytes > limits.replyBytes) break;
    names.push(account.name);
  }
  return names;
}
