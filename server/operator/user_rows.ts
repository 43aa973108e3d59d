/**
 * Accounts and sessions as the operator sees them.
 *
 * @module
 */

import { NO_FEATURES } from "../../common/protocol/features.ts";
import type { Account } from "../core/accounts/account.ts";
import { storedToday } from "../core/accounts/stored_entries.ts";
import { lastUse } from "../core/accounts/tokens.ts";
import { tokenHolds } from "../core/accounts/account.ts";
import { matchingUsers } from "../core/accounts/users.ts";
import type { ArchivePage } from "../core/messages/archived.ts";
import type { Slices } from "../core/slices.ts";
import { stampMs } from "../core/stamp.ts";
import type { Node } from "../node/node.ts";
import type { OperatorAnswer, SessionRow, UserDetails, UserRow } from "../ports/operator.ts";

/** Most rows of an answer: making it takes a millisecond or two. */
const ROWS_MAX = 500;

/** A page of the users whose names match a wildcard in lower case, by name. */
export function* usersPage(node: Node, match: string, after: string): Slices<OperatorAnswer> {
  const room = { users: ROWS_MAX, bytes: Infinity, features: NO_FEATURES };
  const { accounts, more } = yield* matchingUsers(node.state, match, after, room);
  return { users: accounts.map((account) => userRow(node, account)), more };
}

/** The row of an account. */
function userRow(node: Node, account: Account): UserRow {
  const { id, name, isDisabled, created, unread, unreadBytes } = account;
  return {
    name,
    account: id,
    state: isDisabled ? "disabled" : "enabled",
    createdMs: wholeMs(created?.stamp ?? 0),
    lastLoginMs: lastLoginMs(node, account),
    sessions: node.audience.of(account).length,
    unread,
    unreadBytes,
    storedBytes: storedToday(account, node.ports.clock.wallMs()),
  };
}

function lastLoginMs({ state }: Node, { tokens, knownAddresses }: Account): number | null {
  let last = 0;
  for (const token of tokens) last = Math.max(last, lastUse(state, token));
  for (const { at } of knownAddresses) last = Math.max(last, at);
  return last === 0 ? null : wholeMs(last);
}

/** Everything about an account. @param size messages from and to it, if the archive has counted them */
export function userDetails(node: Node, account: Account, size: ArchivePage["size"]): UserDetails {
  const { access, isDisabled, tokens, conversations } = account;
  return {
    ...userRow(node, account),
    disabledMs: isDisabled && access !== undefined ? wholeMs(access.at) : null,
    logins: [...tokens].filter(tokenHolds).length,
    conversations: conversations.size,
    online: node.isOnline(account),
    messages: size?.messages ?? null,
    messageBytes: size?.bytes ?? null,
  };
}

function wholeMs(stamp: number): number {
  return Math.floor(stampMs(stamp));
}

/** A page of the sessions of this node, by their ids. */
export function sessionsPage({ audience }: Node, after: number): OperatorAnswer {
  const sessions: SessionRow[] = [];
  for (const { id, account, subscriber, sinceMs } of audience.logins()) {
    if (id <= after) continue;
    if (sessions.length === ROWS_MAX) return { sessions, more: true };
    const { address, takesPushes } = subscriber;
    const dialect = takesPushes ? "confirmed" : "original";
    sessions.push({ id, name: account.name, address, dialect, sinceMs });
  }
  return { sessions, more: false };
}
