/**
 * A state as text that does not depend on the order in which it came about, and what the counts in it should
 * be.
 *
 * @module
 */

import { type Account, tokenHolds } from "../../server/core/accounts/account.ts";
import { lastUse } from "../../server/core/accounts/tokens.ts";
import { waits } from "../../server/core/messages/backlog.ts";
import type { Message } from "../../server/core/messages/message.ts";
import type { State } from "../../server/core/state.ts";

/** Everything that can be observed of a state, one fact a line: equal for equal states only. */
export function stateDigest(state: State): string {
  return [
    `stamp ${state.stamp}`,
    ...sorted(state.version, ([origin, { seq }]) => `version ${origin} ${seq}`),
    ...sorted(state.accounts.values(), (account) => accountLine(state, account)),
    ...[...state.directory.from("", "")].map((account) => `listed ${account.name} ${account.id}`),
    ...sorted(state.messages.all(), messageLine),
    ...sorted(state.accounts.values(), conversationLines),
    ...sorted(
      state.earlyMarks,
      ([key, mark]) => `early ${key} ${mark.progress} ${mark.hidden} ${mark.deleted}`,
    ),
    ...sorted(state.revokedEarly, (hash) => `revoked early ${hash}`),
  ].filter((line) => line !== "").join("\n");
}

function sorted<T>(items: Iterable<T>, line: (item: T) => string): string[] {
  return [...items].map(line).sort();
}

function accountLine(state: State, account: Account): string {
  const { id, registeredName, created, deleted, password } = account;
  const place = `${registeredName} ${JSON.stringify(created)} ${JSON.stringify(deleted)}`;
  // Of an account that is gone, nothing but its place among its namesakes can be observed.
  if (deleted) return `account ${id} ${place}`;
  const tokens = [...account.tokens].filter((token) => tokenHolds(token))
    .map((token) => `${token.hash} ${token.issued} ${lastUse(state, token)}`).sort();
  const secret = password && [password.key, password.generation, account.passwordHash, password.keeps];
  const known = created || password || tokens.length > 0 || account.conversations.size > 0;
  if (!known) return "";
  return `account ${id} ${place} shown ${account.name} password ${secret} tokens ${tokens} unread ${account.unread}`;
}

function messageLine(message: Message): string {
  const { sender, recipient, id, stamp, origin, content, progress, hidden, deletedDigest } = message;
  return `message ${sender.id} ${recipient.id} ${id} ${stamp} ${origin} ${
    JSON.stringify(content)
  } ${progress} ${hidden} ${deletedDigest}`;
}

function shownIn(messages: Iterable<Message>): string {
  return [...messages].map((message) => `${message.sender.id}:${message.id}`).join(",");
}

function conversationLines(account: Account): string {
  const backlog = account.backlog.size > 0 ? [`backlog ${account.id} ${shownIn(account.backlog)}`] : [];
  const conversations = sorted(
    account.conversations,
    ([other, conversation]) =>
      `conversation ${account.id} ${other} unread ${conversation.unread(account)} ${
        shownIn(conversation.messages)
      } deleted ${sorted(conversation.deleted, (message) => `${message.sender.id}:${message.id}`)}`,
  );
  return [...backlog, ...conversations].join("\n");
}

/** What is wrong with the counts that a state keeps, compared with a recount from its messages. */
export function wrongCounts(state: State): string[] {
  const wrong: string[] = [];
  const messages = [...state.messages.all()].filter((message) => !message.deleted);
  for (const account of state.accounts.values()) {
    if (account.deleted) continue;
    const got = messages.filter((message) => message.recipient === account);
    const unread = got.filter((message) => message.countsAsUnread);
    check(`unread of ${account.id}`, account.unread, unread.length);
    const waiting = got.filter(waits);
    check(`backlog of ${account.id}`, account.backlog.size, waiting.length);
    const inBacklog = new Set(account.backlog);
    if (!waiting.every((message) => inBacklog.has(message)) || inBacklog.size !== waiting.length) {
      wrong.push(`the backlog of ${account.id} holds others than those that wait`);
    }
    for (const [other, conversation] of account.conversations) {
      const fromOther = unread.filter((message) => message.sender.id === other);
      check(`unread of ${account.id} from ${other}`, conversation.unread(account), fromOther.length);
    }
  }
  return wrong;

  function check(what: string, kept: number, counted: number): void {
    if (kept !== counted) wrong.push(`${what}: ${kept} kept, ${counted} counted`);
  }
}
