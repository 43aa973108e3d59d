/**
 * Conversations, each with one account. A name is only the way to it: an account can be renamed, and its name can
 * pass to somebody else. A node of an earlier version names no accounts; then the name has to do.
 *
 * @module
 */

/** A conversation with one account. */
export interface Chat {
  /** The name that the account has, or had last. */
  name: string;
  /** Id of the account, once a node has told it. */
  account: string | undefined;
  /** True if the account is gone, or its name is somebody else's: nothing more goes there. */
  former: boolean;
  /** True if the account is known to be deleted, which is for ever. */
  deleted: boolean;
  /** Set if another account had the name before: `untold` until the person is told. */
  succession: "untold" | "told" | undefined;
  /** Names of the nodes that a message to that user has left for another one, since one was sent last. */
  readonly nodesLeft: Set<string>;
  /** Messages from that user that are not read. */
  unread: number;
  /** Id of the oldest message shown, before which older ones begin. */
  oldestShown?: string;
}

/** The known conversations, by name and by account. */
export class Chats {
  readonly #byName = new Map<string, Chat>();
  readonly #byAccount = new Map<string, Chat>();
  /** Accounts by name in lower case, of users without a conversation. */
  readonly #accounts = new Map<string, string>();
  /** The conversations that lost their names last, by that name in lower case. */
  readonly #former = new Map<string, Chat>();

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
    const chat: Chat = {
      name,
      account: undefined,
      former: false,
      deleted: false,
      succession: undefined,
      nodesLeft: new Set(),
      unread: 0,
    };
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
    chat.account = account;
    this.#byAccount.set(account, chat);
  }

  /** Gives a conversation the name of its account, which nobody else may hold at this moment. */
  name(chat: Chat, name: string): void {
    this.drop(chat);
    chat.name = name;
    chat.former = false;
    this.#take(chat, name);
  }

  /** The account has lost its name, and may be gone. The conversation is found by its account only. */
  retire(chat: Chat): void {
    this.drop(chat);
    this.#former.set(chat.name.toLowerCase(), chat);
    chat.former = true;
    chat.unread = 0;
  }

  /** Takes a conversation off its name. */
  drop(chat: Chat): void {
    const key = chat.name.toLowerCase();
    if (this.#byName.get(key) === chat) this.#byName.delete(key);
    this.#accounts.delete(key);
  }

  /** Removes everything. */
  clear(): void {
    this.#byName.clear();
    this.#byAccount.clear();
    this.#accounts.clear();
    this.#former.clear();
  }

  #take(chat: Chat, name: string): void {
    const key = name.toLowerCase();
    const former = this.#former.get(key);
    if (former === chat) this.#former.delete(key);
    chat.succession = former === undefined || former === chat ? undefined : "untold";
    this.#byName.set(key, chat);
  }
}
