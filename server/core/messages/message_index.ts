/**
 * The index of messages by identity: sender, recipient and id.
 *
 * @module
 */

import type { Account } from "../accounts/account.ts";
import type { Message } from "./message.ts";

const NONE: readonly Message[] = [];

/**
 * Every message, deleted ones included. An id nearly always names one message; on two sides of a split, two
 * people may have used the same one.
 */
export class MessageIndex {
  readonly #byId = new Map<string, Message>();
  /** Further messages with the same id. */
  readonly #twins = new Map<string, Message[]>();

  /** Number of messages. */
  get size(): number {
    let size = this.#byId.size;
    for (const twins of this.#twins.values()) size += twins.length;
    return size;
  }

  /** The message from one account to another with this id; `undefined` if there is none. */
  find(sender: Account, recipient: Account, id: string): Message | undefined {
    const message = this.#byId.get(id);
    if (message === undefined || (message.sender === sender && message.recipient === recipient)) {
      return message;
    }
    return this.#twins.get(id)?.find((twin) => twin.sender === sender && twin.recipient === recipient);
  }

  /** All messages with this id. */
  withId(id: string): readonly Message[] {
    const message = this.#byId.get(id);
    if (message === undefined) return NONE;
    const twins = this.#twins.get(id);
    return twins ? [message, ...twins] : [message];
  }

  /** Adds a message; it must not be in the index. */
  add(message: Message): void {
    const { id } = message;
    if (!this.#byId.has(id)) {
      this.#byId.set(id, message);
      return;
    }
    const twins = this.#twins.get(id);
    if (twins) twins.push(message);
    else this.#twins.set(id, [message]);
  }

  /** Removes a message. */
  remove(message: Message): void {
    const { id } = message;
    const twins = this.#twins.get(id) ?? [];
    const rest = this.withId(id).filter((each) => each !== message);
    const [first, ...others] = rest;
    if (first) this.#byId.set(id, first);
    else this.#byId.delete(id);
    if (others.length > 0) this.#twins.set(id, others);
    else if (twins.length > 0) this.#twins.delete(id);
  }

  /** Every message, in no order. */
  *all(): Generator<Message> {
    yield* this.#byId.values();
    for (const twins of this.#twins.values()) yield* twins;
  }
}
