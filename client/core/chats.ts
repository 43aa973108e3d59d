/**
 * Conversations, each with one account. A name is only the way to it: an account can be renamed, and its name can
 * pass to somebody else. A node of an earlier version names no accounts; then the name has to do.
 *
 * @module
 */

import type { Revisions } from "./revisions.ts";

/** A time within which every message of a chat is known; seconds since the Unix epoch. */
interface Stretch {
  /** -Infinity if the chat is known from its beginning on. */
  readonly from: number;
  /** The newest message when the connection broke; Infinity while nothing is missed. */
  readonly to: number;
}

/** The parts of a conversation that a face draws. They change by `Chats.change`, and the revision with them. */
interface ChatFace {
  /** The name that the account has, or had last. */
  readonly name: string;
  /** Id of the account, once a node has told it. */
  readonly account: string | undefined;
  /** True if the account is gone, or its name is somebody else's: nothing more goes there. */
  readonly former: boolean;
  /** True if the account is known to be deleted, which is for ever. */
  readonly deleted: boolean;
  /** Set if another account had the name before: `untold` until the person is told. */
  readonly succession: "untold" | "told" | undefined;
  /** Messages from that user that are not read. */
  readonly unread: number;
  /** The newest part that is known without a gap; `undefined` until a page of it was told. */
  readonly stretch: Stretch | undefined;
  /** The text that the person has begun to write. */
  readonly draft: string;
  /** True if that user is logged in; `undefined` if it is unknown, or if nobody looks at the name (input `lookAt`). */
  readonly online: boolean | undefined;
}

/** A conversation with one account. */
export interface Chat extends ChatFace {
  /** Number of the last change of the conversation or of one of its messages. */
  readonly revision: number;
  /** Names of the nodes that a message to that user has left for another one, since one was sent last. */
  readonly nodesLeft: Set<string>;
  /** Id of the oldest message shown, before which older ones begin. */
  oldestShown?: string;
}

/** Changes of these are followed where people are shown. */
const OF_PEOPLE: ReadonlySet<keyof ChatFace> = new Set(["name", "account", "unread"]);

/** The known conversations, by name and by account. */
export class Chats {
  readonly #revisions: Revisions;
  readonly #drafted = new Set<Chat>();
  #draftRevision = 0;
  #peopleRevision = 0;
  readonly #byName = new Map<string, Chat>();
  readonly #byAccount = new Map<string, Chat>();
  /** Accounts by name in lower case, of users without a conversation. */
  readonly #accounts = new Map<string, string>();
  /** The conversations that lost their names last, by that name in lower case. */
  readonly #former = new Map<string, Chat>();

  constructor(revisions: Revisions) {
    this.#revisions = revisions;
  }

  /** Conversations with accounts that still have their names. */
  get all(): readonly Chat[] {
    return [...this.#byName.values()];
  }

  /** The conversation with the holder of a name, in any case. */
  named(name: string): Chat | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  /** The conversation with that account. */
  of(account: string): Chat | undefined {
    return this.#byAccount.get(account);
  }

  /** The conversation with the holder of a name, made if there is none. */
  with(name: string): Chat {
    const known = this.named(name);
    if (known !== undefined) return known;
    const chat = this.#make(name);
    this.#take(chat, name);
    const account = this.#accounts.get(name.toLowerCase());
    if (account !== undefined) this.bind(chat, account);
    return chat;
  }

  /** Remembers the account of a user without a conversation. */
  note(name: string, account: string): void {
    this.#accounts.set(name.toLowerCase(), account);
  }

  /** A user without a conversation is gone; false if the name is known to be another account's by now. */
  forgetAccount(name: string, account: string | undefined): boolean {
    const key = name.toLowerCase();
    const noted = this.#accounts.get(key);
    if (noted !== undefined && account !== undefined && noted !== account) return false;
    this.#accounts.delete(key);
    return true;
  }

  /** A conversation turns out to be with that account. */
  bind(chat: Chat, account: string): void {
    this.change(chat, { account });
    this.#byAccount.set(account, chat);
  }

  /** Gives a conversation the name of its account, which nobody else may hold at this moment. */
  name(chat: Chat, name: string): void {
    this.drop(chat);
    this.change(chat, { name, former: false });
    this.#take(chat, name);
  }

  /** The account has lost its name, and may be gone. The conversation is found by its account only. */
  retire(chat: Chat): void {
    this.drop(chat);
    this.#former.set(chat.name.toLowerCase(), chat);
    this.change(chat, { former: true, unread: 0, online: undefined });
  }

  /** A conversation with an account whose name is somebody else's. */
  former(name: string, account: string): Chat {
    const chat = this.#make(name);
    this.bind(chat, account);
    this.change(chat, { former: true });
    return chat;
  }

  /** Number of changes of drafts. */
  get draftRevision(): number {
    return this.#draftRevision;
  }

  /** Number of changes of names, accounts and counts of unread messages. */
  get peopleRevision(): number {
    return this.#peopleRevision;
  }

  /** The conversations with a draft. */
  get drafted(): readonly Chat[] {
    return [...this.#drafted];
  }

  /** Changes a conversation, and its revision if that makes a difference. */
  change(chat: Chat, changed: Partial<ChatFace>): void {
    const fields = Object.keys(changed) as (keyof ChatFace)[];
    if (fields.every((field) => chat[field] === changed[field])) return;
    Object.assign(chat, changed, { revision: this.#revisions.next() });
    if (changed.draft !== undefined) this.#noteDraft(chat);
    if (fields.some((field) => OF_PEOPLE.has(field))) this.#peopleRevision++;
  }

  /** Takes a conversation off its name. */
  drop(chat: Chat): void {
    const key = chat.name.toLowerCase();
    if (this.#byName.get(key) === chat) this.#byName.delete(key);
    this.#peopleRevision++;
    this.#accounts.delete(key);
  }

  /** Removes everything. */
  clear(): void {
    this.#byName.clear();
    this.#byAccount.clear();
    this.#accounts.clear();
    this.#former.clear();
    this.#drafted.clear();
  }

  #noteDraft(chat: Chat): void {
    this.#draftRevision++;
    if (chat.draft === "") this.#drafted.delete(chat);
    else this.#drafted.add(chat);
  }

  #take(chat: Chat, name: string): void {
    const key = name.toLowerCase();
    const former = this.#former.get(key);
    if (former === chat) this.#former.delete(key);
    const isOther = former !== undefined && former !== chat;
    this.change(chat, { succession: isOther ? "untold" : undefined });
    this.#byName.set(key, chat);
    this.#peopleRevision++;
  }

  #make(name: string): Chat {
    return {
      name,
      account: undefined,
      former: false,
      deleted: false,
      succession: undefined,
      unread: 0,
      stretch: undefined,
      draft: "",
      online: undefined,
      revision: this.#revisions.next(),
      nodesLeft: new Set(),
    };
  }
}
