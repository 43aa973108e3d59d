/**
 * Requests of the operator and their answers, as JSON: checked by whoever gets them.
 *
 * @module
 */

import { INVITATION_STATES } from "../core/accounts/invitation.ts";
import { REGISTRATIONS } from "../core/accounts/invite.ts";
import type {
  ActDone,
  InvitationDone,
  InvitationRow,
  OperatorAnswer,
  OperatorRequest,
  SessionRow,
  UserDetails,
  UserRow,
} from "../ports/operator.ts";
import { type Checks, fits, isCount, isText } from "./checks.ts";

/** Longest name in a request, characters: a displayed name has at most 32, `~`, a node name of 32, and a number. */
const NAME_LENGTH_MAX = 80;

/** Longest other text in a request, characters: the rules for wildcards and passwords are stricter. */
const TEXT_LENGTH_MAX = 512;

type Act = OperatorRequest["act"];

type ChecksByAct = {
  readonly [A in Act]: Checks<Omit<Extract<OperatorRequest, { readonly act: A }>, "act">>;
};

const ABOUT_USER = { name: isName };
const WITH_PASSWORD = { name: isName, password: isShortText };

const REQUESTS: { readonly [A in Act]: Checks<object> } = {
  listUsers: { match: isShortText, after: isNameOrNone },
  showUser: ABOUT_USER,
  addUser: WITH_PASSWORD,
  setPassword: WITH_PASSWORD,
  disableUser: ABOUT_USER,
  enableUser: ABOUT_USER,
  deleteUser: ABOUT_USER,
  listSessions: { after: isCount },
  endSession: { id: isCount },
  endLogins: ABOUT_USER,
  invite: { uses: isCount, forMs: isCount },
  listInvitations: { after: isNameOrNone },
  revokeInvitation: { id: isName },
} satisfies ChecksByAct;

/** Parses a request; the problem with it, for whoever sends it, if it is none. */
export function parseOperatorRequest(json: string): OperatorRequest | string {
  const value = parsed(json);
  if (typeof value !== "object" || value === null) return "the request is no JSON object";
  const { act, ...members } = value as Readonly<Record<string, unknown>>;
  if (!isAct(act)) return `there is no such act; there are ${Object.keys(REQUESTS).join(", ")}`;
  const checks = REQUESTS[act] as Readonly<Record<string, (value: unknown) => boolean>>;
  const unknown = Object.keys(members).find((name) => !Object.hasOwn(checks, name));
  if (unknown !== undefined) {
    return `${act} has no member ${JSON.stringify(unknown.slice(0, NAME_LENGTH_MAX))}`;
  }
  const wrong = Object.keys(checks).find((name) => checks[name]?.(members[name]) !== true);
  return wrong === undefined ? value as OperatorRequest : memberProblem(act, wrong, members[wrong]);
}

function isAct(value: unknown): value is Act {
  return isText(value) && Object.hasOwn(REQUESTS, value);
}

function memberProblem(act: Act, name: string, value: unknown): string {
  const limit = name === "name" || name === "after" ? NAME_LENGTH_MAX : TEXT_LENGTH_MAX;
  if (!isText(value) || value.length <= limit) {
    return `${name} of ${act} is missing, empty or of another type`;
  }
  return `the ${name} has ${value.length} characters and the limit is ${limit}; give a shorter one`;
}

const USER: Checks<UserRow> = {
  name: isText,
  account: isText,
  state: (value) => value === "enabled" || value === "disabled",
  createdMs: isCount,
  lastLoginMs: isCountOrNull,
  sessions: isCount,
  unread: isCount,
  unreadBytes: isCount,
  storedBytes: isCount,
};

const DETAILS: Checks<UserDetails> = {
  ...USER,
  disabledMs: isCountOrNull,
  logins: isCount,
  conversations: isCount,
  online: isBoolean,
  messages: isCountOrNull,
  messageBytes: isCountOrNull,
};

const SESSION: Checks<SessionRow> = {
  id: isCount,
  name: isText,
  address: isText,
  dialect: (value) => value === "confirmed" || value === "original",
  sinceMs: isCount,
};

const INVITATION: Checks<InvitationRow> = {
  id: isText,
  state: isOneOf(INVITATION_STATES),
  used: isCount,
  uses: isCountOrNull,
  madeMs: isCountOrNull,
  untilMs: isCountOrNull,
  revokedMs: isCountOrNull,
};

const MADE: Checks<InvitationDone> = {
  id: isText,
  code: isText,
  link: (value) => value === null || isText(value),
  uses: isCount,
  untilMs: isCount,
  registration: isOneOf(REGISTRATIONS),
  copies: isCount,
  nodes: isCount,
};

const DONE: Checks<ActDone> = { name: isText, sessions: isCount, copies: isCount, nodes: isCount };

/** Parses an answer; `undefined` if it is none. Unknown members are kept. */
export function parseOperatorAnswer(json: string): OperatorAnswer | undefined {
  const value = parsed(json);
  if (typeof value !== "object" || value === null) return undefined;
  const members = value as Readonly<Record<string, unknown>>;
  const isAnswer = isListOf(members, "users", USER) || isListOf(members, "sessions", SESSION) ||
    isListOf(members, "invitations", INVITATION) || fits(members["user"], DETAILS) ||
    fits(members["done"], DONE) || fits(members["made"], MADE) || isText(members["refused"]);
  return isAnswer ? value as OperatorAnswer : undefined;
}

function isListOf<Row>(
  members: Readonly<Record<string, unknown>>,
  name: string,
  checks: Checks<Row>,
): boolean {
  const rows = members[name];
  return Array.isArray(rows) && rows.every((row) => fits(row, checks)) && isBoolean(members["more"]);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isName(value: unknown): boolean {
  return value !== "" && isNameOrNone(value);
}

function isNameOrNone(value: unknown): boolean {
  return isText(value) && value.length <= NAME_LENGTH_MAX;
}

function isShortText(value: unknown): boolean {
  return isText(value) && value.length <= TEXT_LENGTH_MAX;
}

function isOneOf(choices: readonly string[]): (value: unknown) => boolean {
  return (value) => isText(value) && choices.includes(value);
}

function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

function isCountOrNull(value: unknown): boolean {
  return value === null || isCount(value);
}
