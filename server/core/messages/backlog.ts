/**
 * The backlog of an account: messages to it that none of its clients has confirmed.
 *
 * @module
 */

import { insertInOrder } from "./conversation.ts";
import { type Message, PROGRESS } from "./message.ts";

/** Unconfirmed messages to one account, in order. */
export class Backlog {
  #messages: Message[] = [];
  /** Number of messages at the front that are known to be settled. */
  #settledFront = 0;
  #waiting = 0;

  /** Number of messages that wait for confirmation. */
  get size(): number {
    return this.#waiting;
  }

  /** Adds a message that waits for confirmation. */
  add(message: Message): void {
    insertInOrder(this.#messages, message);
    this.#settledFront = 0;
    this.#waiting++;
  }

  /**
   * Counts one message as settled, because it was confirmed, hidden or deleted. Iteration skips it; settled
   * messages leave the array in bulk.
   */
  settle(): void {
    this.#waiting--;
    if (this.#waiting === 0) {
      this.#messages = [];
      this.#settledFront = 0;
    } else if (this.#messages.length > 64 && this.#messages.length > 2 * this.#waiting) {
      this.#messages = this.#messages.filter(waits);
      this.#settledFront = 0;
    }
  }

  /** Counts again, after any number of messages was settled. */
  sweep(): void {
    this.#messages = this.#messages.filter(waits);
    this.#waiting = this.#messages.length;
    this.#settledFront = 0;
  }

  /** The messages in order, oldest first; some of them may be settled. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** Number of messages at the front that are settled. */
  get settledFront(): number {
    for (; this.#settledFront < this.#messages.length; this.#settledFront++) {
      const message = this.#messages[this.#settledFront];
      if (message && waits(message)) break;
    }
    return this.#settledFront;
  }

  /** The unconfirmed messages, oldest first. */
  *[Symbol.iterator](): Generator<Message> {
    for (let i = this.settledFront; i < this.#messages.length; i++) {
      const message = this.#messages[i];
      if (message && waits(message)) yield message;
    }
  }
}

/** True if a message waits for confirmation by a client of its recipient. */
export function waits(message: Message): boolean {
  return message.progress === PROGRESS.unread && !message.hidden && !message.deleted;
}
