/**
 * Reactions: the pushes that follow from changes (client protocol, section 4, pushes).
 *
 * @module
 */

import type { Push } from "../../common/protocol/pushes.ts";
import type { Account } from "./accounts/account.ts";
import type { Change } from "./change.ts";
import { type Message, shownMessage } from "./messages/message.ts";

/** One push to the sessions of one account. */
export interface Notice {
  readonly to: Account;
  readonly push: Push;
  /** The message that a MESSAGE shows. */
  readonly message?: Message | undefined;
  /** True if the session that asked for the change gets no push, as it gets the reply. */
  readonly exceptAsker: boolean;
}

/**
 * Pushes that follow from the changes of one request.
 *
 * @param idsPerPush maximum number of message ids in a DELETED push
 */
export function react(changes: readonly Change[], idsPerPush: number): Notice[] {
  const [first] = changes;
  if (first === undefined) return [];
  if (changes.length === 1 && first.type !== "messagesGone") return reactToOne(first);
  const gone = changes.filter((change) => change.type === "messagesGone");
  return [...changes.flatMap(reactToOne), ...reactToGone(gone, idsPerPush)];
}

function reactToOne(change: Change): Notice[] {
  switch (change.type) {
    case "messageStored": {
      const { message } = change;
      return message.visibleTo(message.recipient)
        ? toldOfMessage(message)
        : [{ to: message.sender, push: messagePush(message, message.sender), exceptAsker: true, message }];
    }
    case "progressMade": {
      const { ids, status, reader, sender } = change;
      const push: Push = { name: "status", payload: { ids, status, by: reader.name } };
      return reader.blocks(sender) ? [{ to: reader, push, exceptAsker: true }] : toBoth(sender, reader, push);
    }
    case "accountMade":
      return aboutUser(change.account, partnersOf(change.account), "created");
    case "accountGone": {
      const { name, account } = change;
      const push: Push = { name: "user", payload: { name, change: "deleted", account: account.id } };
      return change.partners.map((to) => ({ to, push, exceptAsker: false }));
    }
    case "accountRenamed": {
      const { from, to: renamedTo, account } = change;
      const payload = { name: from, change: "renamed", to: renamedTo, account: account.id } as const;
      const push: Push = { name: "user", payload };
      return [account, ...partnersOf(account)].map((to) => ({ to, push, exceptAsker: false }));
    }
    case "messagesGone":
    case "accountDisabled":
    case "blockChanged":
    case "passwordSet":
    case "tokenVoid":
      return [];
  }
}

function toldOfMessage(message: Message): Notice[] {
  const { sender, recipient } = message;
  const push = messagePush(message, recipient);
  if (message.showsProgressTo(sender)) return toBoth(recipient, sender, push, message);
  return [
    { to: recipient, push, exceptAsker: false, message },
    { to: sender, push: messagePush(message, sender), exceptAsker: true, message },
  ];
}

function messagePush(message: Message, viewer: Account): Push {
  return { name: "message", payload: shownMessage(message, viewer) };
}

/** Gathers the deletions of a request, so that each account gets as few pushes as possible. */
function reactToGone(
  changes: readonly Extract<Change, { type: "messagesGone" }>[],
  idsPerPush: number,
): Notice[] {
  const idsOf = new Map<Account, string[]>();
  for (const { by, others, ids } of changes) {
    for (const to of [by, ...others]) {
      const known = idsOf.get(to) ?? [];
      known.push(...ids);
      idsOf.set(to, known);
    }
  }
  const by = changes[0]?.by.name ?? "";
  return [...idsOf].flatMap(([to, ids]) => {
    const notices: Notice[] = [];
    for (let i = 0; i < ids.length; i += idsPerPush) {
      const push: Push = { name: "deleted", payload: { ids: ids.slice(i, i + idsPerPush), by } };
      notices.push({ to, push, exceptAsker: true });
    }
    return notices;
  });
}

/** Pushes to all sessions of `all`, and to those sessions of `others` that did not ask. */
function toBoth(all: Account, others: Account, push: Push, message?: Message): Notice[] {
  const notice = { to: all, push, exceptAsker: all === others, message };
  return all === others ? [notice] : [notice, { to: others, push, exceptAsker: true, message }];
}

/** The other accounts that have a conversation with `account`. */
export function partnersOf(account: Account): Account[] {
  const others = [...account.conversations.values()].map((conversation) => conversation.other(account));
  return others.filter((other) => other !== account);
}

/** Tells an audience that a user was created, came online or went offline. */
export function aboutUser(
  account: Account,
  audience: readonly Account[],
  change: "created" | "online" | "offline",
): Notice[] {
  const push: Push = { name: "user", payload: { name: account.name, change, account: account.id } };
  return audience.map((to) => ({ to, push, exceptAsker: false }));
}
