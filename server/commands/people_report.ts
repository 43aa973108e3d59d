/**
 * Accounts and sessions as text for their operator.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";
import { grouped } from "../../common/protocol/cluster_status.ts";
import { visibleText } from "../../common/visible_text.ts";
import type { ActDone, SessionRow, UserDetails, UserRow } from "../ports/operator.ts";

/** Width of a column; a longer cell moves the rest of its row. Negative: the cells are aligned to the right. */
export type Columns = readonly number[];

const USER_COLUMNS: Columns = [20, 8, 16, 16, -8, -8, -12, -12];
const SESSION_COLUMNS: Columns = [-6, 20, 9, 16, 39];

/** Head of the list of accounts. */
export function usersHead(): string {
  return row(USER_COLUMNS, [
    "name",
    "state",
    "created",
    "last login",
    "sessions",
    "unread",
    "bytes",
    "today",
  ]);
}

/** Line of an account. */
export function userLine({ sessions, unread, unreadBytes, storedBytes, ...user }: UserRow): string {
  const { name, state, createdMs, lastLoginMs } = user;
  const counts = [sessions, unread, unreadBytes, storedBytes].map(grouped);
  return row(USER_COLUMNS, [name, state, timeText(createdMs), timeText(lastLoginMs), ...counts]);
}

/** Everything about one account, a fact a line. */
export function userReport(user: UserDetails): string {
  const since = user.disabledMs === null ? "" : `; since ${timeText(user.disabledMs)}`;
  const rows: readonly (readonly [string, string])[] = [
    ["name", user.name],
    ["account", user.account],
    ["state", `${user.state}${since}`],
    ["created", timeText(user.createdMs)],
    ["last login", timeText(user.lastLoginMs)],
    ["online", user.online ? "yes" : "no"],
    ["sessions here", grouped(user.sessions)],
    ["logins", `${grouped(user.logins)}, with which a client goes on without the password`],
    ["people", `${grouped(user.conversations)} in conversations`],
    ["messages", sizeText(user)],
    ["unread", `${counted(user.unread, "message")}, ${grouped(user.unreadBytes)} bytes`],
    ["stored today", `${grouped(user.storedBytes)} bytes`],
  ];
  return rows.map(([label, value]) => `${label.padEnd(14)} ${visibleText(value)}`).join("\n");
}

function sizeText({ messages, messageBytes }: UserDetails): string {
  if (messages === null || messageBytes === null) {
    return "not counted in time; chat-server status says how the archive is";
  }
  return `${grouped(messages)} from and to this account, ${grouped(messageBytes)} bytes`;
}

/** Head of the list of sessions. */
export function sessionsHead(): string {
  return row(SESSION_COLUMNS, ["id", "name", "dialect", "since", "address"]);
}

/** Line of a session. */
export function sessionLine({ id, name, dialect, sinceMs, address }: SessionRow): string {
  return row(SESSION_COLUMNS, [String(id), name, dialect, timeText(sinceMs), address]);
}

/**
 * The effect of an act.
 *
 * @param fact about the account, as `is disabled`
 */
export function doneText(fact: string, { name, sessions, copies, nodes }: ActDone): string {
  const ended = sessions === 0 ? "" : `; ${counted(sessions, "session")} ended here`;
  return keptText(`${name} ${fact}${ended}`, copies, nodes);
}

/** A fact, with the number of nodes that have it on their disks; 0 if nothing had to be written. */
export function keptText(done: string, copies: number, nodes: number): string {
  if (copies === 0) return done;
  const kept = `${done}; on the disks of ${copies} of ${counted(nodes, "node")}`;
  if (copies >= nodes) return kept;
  return `${kept}. The others learn of it once they can be reached; until then it does not hold there`;
}

/** What is true of an account once all its logins are ended: sessions without a token end at the node that was asked. */
export function loggedOutText({ nodes }: ActDone): string {
  return nodes === 1
    ? "is logged out"
    : "is logged out; sessions at other nodes end if they have a token, and so not those of the original dialect";
}

/** A row of a list. */
export function row(columns: Columns, cells: readonly string[]): string {
  const padded = cells.map((cell, i) => {
    const width = columns[i] ?? 0;
    const text = visibleText(cell);
    return width < 0 ? text.padStart(-width) : text.padEnd(width);
  });
  return padded.join("  ").trimEnd();
}

/** A time to the minute, in UTC. */
export function timeText(ms: number | null): string {
  return ms === null ? "-" : new Date(ms).toISOString().slice(0, 16).replace("T", " ");
}
