/**
 * What no client of an account has confirmed yet.
 *
 * @module
 */

import { insertInOrder } from "./conversation.ts";
import { type Message, PROGRESS } from "./message.ts";

/** Messages to one account in the order of their stamps, until they are delivered. */
export class Backlog {
  #messages: Message[] = [];
  /** How many at the front are certainly settled. */
  #settledFront = 0;
  #waiting = 0;

  /** How many wait. */
  get size(): number {
    return this.#waiting;
  }

  /** Takes a message that nobody has confirmed. */
  add(message: Message): void {
    insertInOrder(this.#messages, message);
    this.#settledFront = 0;
    this.#waiting++;
  }

  /** One of the messages was confirmed, hidden or deleted: it is passed over from now on. */
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

  /** Any number of the messages no longer wait: counts anew. */
  sweep(): void {
    this.#messages = this.#messages.filter(waits);
    this.#waiting = this.#messages.length;
    this.#settledFront = 0;
  }

  /** The waiting messages, oldest first. */
  *[Symbol.iterator](): Generator<Message> {
    for (let i = this.#settledFront; i < this.#messages.length; i++) {
      const message = this.#messages[i];
      if (message === undefined) return;
      if (waits(message)) yield message;
      else if (i === this.#settledFront) this.#settledFront++;
    }
  }
}

/** Whether a message is still to be confirmed by a client of its recipient. */
export function waits(message: Message): boolean {
  return message.progress === PROGRESS.unread && !message.hidden && !message.deleted;
}
