/**
 * A state as lines of text that do not depend on the order in which entries arrived. Nodes with equal states
 * have equal lines, so comparing a hash of the lines compares the states.
 *
 * @module
 */

import { type Account, tokenHolds } from "./accounts/account.ts";
import { lastUse } from "./accounts/tokens.ts";
import type { Conversation } from "./messages/conversation.ts";
import type { Message } from "./messages/message.ts";
import type { State } from "./state.ts";

/**
 * Everything observable about a state, one fact a line: equal for equal states only. Fingerprints, known addresses,
 * the keys of both and revocations are left out, because nodes erase or forget them at different times. The lines are
 * generated one by one, because the lines of a large state take far more memory than the state itself.
 */
export function* stateLines(state: State): Generator<string> {
  yield `stamp ${state.stamp}`;
  for (const [origin, { seq }] of [...state.version].sort(byKey)) yield `version ${origin} ${seq}`;
  const accounts = [...state.accounts.values()].sort((a, b) => compareTexts(a.id, b.id));
  for (const account of accounts) yield* accountLines(state, account);
  for (const account of state.directory.from("", "")) yield `listed ${account.name} ${account.id}`;
  for (const message of [...state.messages.all()].sort(byIdentity)) yield messageLine(message);
  for (const account of accounts) yield* listLines(account);
  for (const [key, { progress, hidden, deleted }] of [...state.earlyMarks].sort(byKey)) {
    yield `early ${key} ${progress} ${hidden} ${deleted}`;
  }
  for (const [hash, { made, revoked, used }] of [...state.invitations].sort(byKey)) {
    yield `invitation ${hash} ${JSON.stringify(made)} revoked ${revoked} used ${used}`;
  }
}

function* accountLines(state: State, account: Account): Generator<string> {
  const { id, registeredName, created, deleted, password, access } = account;
  const place = `${registeredName} ${JSON.stringify(created)} ${JSON.stringify(deleted)}`;
  // Only the place of a deleted account among its namesakes can be observed.
  if (deleted) return yield `account ${id} ${place}`;
  const tokens = [...account.tokens].filter((token) => tokenHolds(token))
    .map((token) => `${token.hash} ${token.issued} ${lastUse(state, token)}`).sort();
  const secret = password && [password.key, password.generation, account.passwordHash, password.keeps];
  for (const [person, { generation, isBlocked }] of [...account.decisions ?? []].sort(byKey)) {
    if (!state.accounts.get(person)?.deleted) yield `block ${id} ${person} ${generation} ${isBlocked}`;
  }
  if (access) yield `access ${id} ${access.generation} ${access.isDisabled} ${access.at}`;
  const known = created || password || tokens.length > 0 || account.conversations.size > 0;
  if (!known) return;
  yield `account ${id} ${place} shown ${account.name} password ${secret} tokens ${tokens} unread ${account.unread}`;
}

function messageLine(message: Message): string {
  const { sender, recipient, id, time, origin, content, progress, hidden, deleted } = message;
  return `message ${sender.id} ${recipient.id} ${id} ${time} ${origin} ${
    JSON.stringify(content)
  } ${progress} ${hidden} ${deleted}`;
}

/** The order of the messages in an account's backlog and conversations. */
function* listLines(account: Account): Generator<string> {
  for (const message of account.backlog) yield `backlog ${account.id} ${nameOf(message)}`;
  for (const [other, conversation] of [...account.conversations].sort(byKey)) {
    yield `conversation ${account.id} ${other} unread ${conversation.unread(account)}`;
    yield* conversationLines(conversation);
  }
}

function* conversationLines({ messages, deleted }: Conversation): Generator<string> {
  for (const message of messages) yield `shown ${nameOf(message)}`;
  for (const message of [...deleted].sort(byIdentity)) yield `deleted ${nameOf(message)}`;
}

function nameOf({ sender, id }: Message): string {
  return `${sender.id}:${id}`;
}

function byIdentity(a: Message, b: Message): number {
  return compareTexts(a.id, b.id) || compareTexts(a.sender.id, b.sender.id) ||
    compareTexts(a.recipient.id, b.recipient.id);
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compareTexts(a, b);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
