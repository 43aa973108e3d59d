/**
 * The accounts that a client knows by name. A client keeps to the account that it heard of first: whoever takes
 * the name later is somebody else, until a node refuses a message to that account.
 *
 * @module
 */

import type { ChatMessage } from "../../common/protocol/shapes.ts";
import type { Said } from "./client_connection.ts";

/** Account ids by name. */
export class Contacts {
  readonly #accounts = new Map<string, string>();

  /** Account id of the person with this name; `undefined` if no node has told it. */
  accountOf(name: string): string | undefined {
    return this.#accounts.get(name.toLowerCase());
  }

  /** Notes the accounts that a reply or a push names. */
  hear(said: Said): void {
    if ("push" in said) {
      const { push } = said;
      if (push.name === "message") this.#hearMessage(push.payload);
      else if (push.name === "user") this.add(push.payload.name, push.payload.account);
      return;
    }
    const { reply } = said;
    if (reply.name === "messages") reply.payload.messages.forEach((message) => this.#hearMessage(message));
    else if (reply.name === "users") {
      for (const { name, account } of reply.payload.users) this.add(name, account);
    } else if (reply.name === "chats") {
      for (const chat of reply.payload.chats) this.add(chat.with, chat.account);
    }
  }

  #hearMessage({ sender, senderAccount, recipient, recipientAccount }: ChatMessage): void {
    this.add(sender, senderAccount);
    this.add(recipient, recipientAccount);
  }

  /** Notes the account of a name, if the node has told it and the name has none yet. */
  add(name: string, account: string | undefined): void {
    const key = name.toLowerCase();
    if (account !== undefined && !this.#accounts.has(key)) this.#accounts.set(key, account);
  }

  /** A node has refused a message to this account: the name belongs to whoever is heard of next. */
  drop(name: string, account: string | undefined): void {
    const key = name.toLowerCase();
    if (this.#accounts.get(key) === account) this.#accounts.delete(key);
  }
}
