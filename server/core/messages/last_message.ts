/**
 * The last message of a conversation, as one of its accounts sees it: what a list of conversations shows.
 *
 * @module
 */

import type { Account } from "../accounts/account.ts";
import { SLICE_WORK, type Slices } from "../slices.ts";
import { firstNotBefore } from "./conversation.ts";
import { compareMessages, type Message } from "./message.ts";

/** Kept while messages come. Once it is gone, the one before it is unknown until it is searched for. */
export class LastMessage {
  #message: Message | undefined;
  #isKnown = true;
  readonly #account: Account;

  /** @param account the account that sees the conversation */
  constructor(account: Account) {
    this.#account = account;
  }

  /** False once it is gone, until `search` or a newer message. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** The message; `undefined` if the account sees none, or if it is unknown. */
  get message(): Message | undefined {
    return this.#message;
  }

  /** A message has come, which nobody has hidden yet. @param isNewest true if it is behind all others of the conversation */
  came(message: Message, isNewest: boolean): void {
    if (!isNewest && (!this.#isKnown || this.#comesAfter(message))) return;
    this.#message = message;
    this.#isKnown = true;
  }

  #comesAfter(message: Message): boolean {
    return this.#message !== undefined && compareMessages(message, this.#message) < 0;
  }

  /** The account does not see a message any more. */
  left(message: Message): void {
    if (message === this.#message) this.lost();
  }

  /** It is unknown now. */
  lost(): void {
    this.#message = undefined;
    this.#isKnown = false;
  }

  /**
   * The message, searched for in memory if it is unknown. If messages have left memory, that may not be enough: then it
   * stays unknown.
   *
   * @param messages the messages of the conversation at any moment, in order
   * @param isResidentFrom false if messages from a time on may have left memory
   */
  *search(
    messages: () => readonly Message[],
    isResidentFrom: (time: number) => boolean,
  ): Slices<Message | undefined> {
    let work = 0;
    for (let i = messages().length - 1; !this.#isKnown; i--) {
      const message = messages()[i];
      if (message === undefined || message.visibleTo(this.#account)) {
        if (!isResidentFrom(message?.time ?? 0)) break;
        this.found(message);
      } else if (++work >= SLICE_WORK) {
        yield work;
        work = 0;
        // Messages that came or went meanwhile have moved this one.
        i = firstNotBefore(messages(), message);
      }
    }
    yield work;
    return this.#message;
  }

  /** The message has been found: it is in memory, or there is none. */
  found(message: Message | undefined): void {
    this.#message = message;
    this.#isKnown = true;
  }
}
