/**
 * Everything that a node holds about one person, as lines that they can read: no hash, nothing that is deleted, and of
 * others only what the person is shown.
 *
 * The entries of the log are read three times, so that the contents of all messages need not be in memory: for the
 * accounts, for what became of the person's messages, and for the lines.
 *
 * @module
 */

import type { Account } from "../core/accounts/account.ts";
import type { Entry, Place } from "../core/entry.ts";
import { evolve, evolveAccounts } from "../core/evolve.ts";
import type { MessageSent } from "../core/events.ts";
import { type Message, shownMessage } from "../core/messages/message.ts";
import { stampMs } from "../core/stamp.ts";
import { State } from "../core/state.ts";

/** A line: an object with a `type`; times are ISO 8601. */
export type ExportLine = Readonly<Record<string, unknown>> & { readonly type: string };

/** The first reading: the accounts and their names. */
export class PeopleReading {
  readonly #state = new State();

  /** Takes the next entry. */
  take(entry: Entry): void {
    evolveAccounts(this.#state, entry);
  }

  /** The second reading, of a living account with this displayed name or id; `undefined` if there is none. */
  of(name: string): MessagesReading | undefined {
    const account = this.#state.directory.find(name) ?? this.#state.accounts.get(name);
    return account?.alive ? new MessagesReading(this.#state, account) : undefined;
  }
}

/** The second reading: what became of the person's messages. */
class MessagesReading {
  readonly #state: State;
  readonly #account: Account;

  /** @param state with all accounts */
  constructor(state: State, account: Account) {
    this.#state = state;
    this.#account = account;
  }

  /** Takes the next entry. */
  take(entry: Entry): void {
    const { id } = this.#account;
    if (entry.type === "messageSent") {
      if (entry.from === id || entry.to === id) evolve(this.#state, { ...entry, content: "" });
    } else if ("ids" in entry && (entry.sender === id || entry.recipient === id)) evolve(this.#state, entry);
  }

  /** The third reading. */
  lines(): LinesReading {
    return new LinesReading(this.#state, this.#account);
  }
}

/** The third reading: the lines, in the order of the log. */
class LinesReading {
  readonly #state: State;
  readonly #account: Account;
  /** Messages that have had their line. */
  readonly #told = new Set<Message>();

  /** @param state with all accounts, and the person's messages without their contents */
  constructor(state: State, account: Account) {
    this.#state = state;
    this.#account = account;
  }

  /** The first lines: the account and its conversations. */
  *head(): Generator<ExportLine> {
    const account = this.#account;
    const { name, id, registeredName, created, password } = account;
    const times = {
      created: created && isoTime(created.stamp),
      passwordSet: password && isoTime(password.set.stamp),
    };
    yield { type: "account", name, id, registeredName, ...times };
    for (const conversation of account.conversations.values()) {
      const messages = conversation.messages.filter((message) => !message.isGoneFor(account)).length;
      if (messages === 0) continue;
      const { name: partner } = conversation.other(account);
      yield { type: "conversation", with: partner, messages, unread: conversation.unread(account) };
    }
  }

  /** The line of an entry; `undefined` if it is not about the person, or about what they deleted. */
  line(entry: Entry): ExportLine | undefined {
    if (entry.type === "messageSent") return this.#message(entry);
    if (entry.type === "messagesDelivered" || entry.type === "messagesRead") return this.#mark(entry);
    if (!("account" in entry) || entry.account !== this.#account.id) return undefined;
    const time = isoTime("at" in entry && entry.at !== undefined ? entry.at : entry.stamp);
    switch (entry.type) {
      case "addressKnown":
      case "accountDisabled":
      case "accountEnabled":
        return { type: entry.type, time };
      case "passwordChanged":
        return { type: entry.type, time, ...actor(entry) };
      case "tokenIssued":
        return { type: "loggedIn", time };
      case "tokenRevoked":
        return { type: "loggedOut", time, ...actor(entry) };
      case "personBlocked":
      case "personUnblocked": {
        const person = this.#state.accounts.get(entry.person);
        return person?.alive ? { type: entry.type, time, person: person.name } : undefined;
      }
      case "tokensUsed":
        return { type: "loginsUsed", time, logins: entry.tokens.length };
      default:
        return undefined;
    }
  }

  #message(entry: Place & MessageSent): ExportLine | undefined {
    const message = this.#shown(entry.from, entry.to, entry.id);
    // A deletion may have come since the reading before.
    if (message === undefined || entry.digest !== undefined || !this.#isTheOne(message, entry)) {
      return undefined;
    }
    this.#told.add(message);
    const { sender: from, recipient: to, id, status } = shownMessage(message, this.#account);
    return { type: "message", time: isoTime(message.time), from, to, id, content: entry.content, status };
  }

  /** True for the acceptance that counts, of several of one message: on two sides of a split, or repeated by a repair. */
  #isTheOne(message: Message, { origin, at, stamp }: Place & MessageSent): boolean {
    return message.origin === origin && message.time === (at ?? stamp) && !this.#told.has(message);
  }

  #mark(entry: Extract<Entry, { type: "messagesDelivered" | "messagesRead" }>): ExportLine | undefined {
    const { sender, recipient } = entry;
    // Of those who block the person, they are shown no marks.
    const [from, reader] = [this.#state.accounts.get(sender), this.#state.accounts.get(recipient)];
    if (from === this.#account && reader?.blocks(from)) return undefined;
    const ids = entry.ids.filter((id) => this.#shown(sender, recipient, id) !== undefined);
    if (ids.length === 0) return undefined;
    const [by, of] = [reader?.name, from?.name];
    // People are shown that others have read something, but not when.
    const time = recipient === this.#account.id ? { time: isoTime(entry.stamp) } : {};
    return { type: entry.type, ...time, by, of, ids };
  }

  /** A message that the person is shown. */
  #shown(from: string, to: string, id: string): Message | undefined {
    if (from !== this.#account.id && to !== this.#account.id) return undefined;
    const [sender, recipient] = [this.#state.accounts.get(from), this.#state.accounts.get(to)];
    const message = sender && recipient && this.#state.messages.find(sender, recipient, id);
    return message?.isGoneFor(this.#account) ? undefined : message;
  }
}

/** Who acted, if it was not the person. */
function actor({ by }: { readonly by?: string }): { readonly by?: string } {
  return by === undefined ? {} : { by };
}

function isoTime(stamp: number): string {
  return new Date(stampMs(stamp)).toISOString();
}
