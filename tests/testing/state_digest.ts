/**
 * A state as text, and a recount of its counts.
 *
 * @module
 */

import type { Account } from "../../server/core/accounts/account.ts";
import { neededNamesakes } from "../../server/core/accounts/names.ts";
import { waits } from "../../server/core/messages/backlog.ts";
import type { State } from "../../server/core/state.ts";
import { stateLines } from "../../server/core/state_lines.ts";

/** Every observable property of a state as text: equal for equal states only. */
export function stateDigest(state: State): string {
  return [...stateLines(state)].join("\n");
}

/** Counts and lists of a state that differ from those made anew of its messages and accounts. */
export function wrongCounts(state: State): string[] {
  const wrong: string[] = [];
  const messages = [...state.messages.all()].filter((message) => !message.deleted);
  const isWhole = state.residency === undefined && state.evicted.isComplete;
  if (isWhole) check("stored messages", state.storedMessages, messages.length);
  for (const account of state.accounts.values()) {
    if (state.forgettable.has(account) !== isForgettable(state, account)) {
      wrong.push(`${account.id} is taken for ${isForgettable(state, account) ? "needed" : "forgettable"}`);
    }
    if (account.deleted) continue;
    const got = messages.filter((message) => message.recipient === account);
    const unread = got.filter((message) => message.countsAsUnread);
    check(`unread of ${account.id}`, account.unread, unread.length);
    const bytes = unread.reduce((sum, { content }) => sum + new TextEncoder().encode(content).length, 0);
    check(`unread bytes of ${account.id}`, account.unreadBytes, bytes);
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

/** True if an account is deleted, and its name is neither forgotten nor needed. */
function isForgettable({ directory }: State, account: Account): boolean {
  const { deleted, registeredName } = account;
  if (deleted === undefined || registeredName === undefined) return false;
  return [...neededNamesakes(directory.namesakes(registeredName))].every((each) => each !== account);
}
