/**
 * A state that a test builds up event by event.
 *
 * @module
 */

import type { Account } from "../../server/core/accounts/account.ts";
import type { Change } from "../../server/core/change.ts";
import { entryOf } from "../../server/core/entry.ts";
import type { Event } from "../../server/core/events.ts";
import { evolve } from "../../server/core/evolve.ts";
import type { Message } from "../../server/core/messages/message.ts";
import { State } from "../../server/core/state.ts";
import { seqOf } from "../../server/core/version.ts";

/** Origin of entries without another one. */
export const ORIGIN = "node1#aaaaaaaaaaaa";

/** A state that is changed by events. Stamps count from 1 on unless they are given. */
export class FoldedState {
  readonly state = new State();
  #stamp = 0;

  /** Applies an event. */
  apply(event: Event, place: { readonly origin?: string; readonly stamp?: number } = {}): readonly Change[] {
    const { origin = ORIGIN, stamp = this.#stamp + 1 } = place;
    this.#stamp = Math.max(this.#stamp, stamp);
    const seq = seqOf(this.state.version, origin) + 1;
    return evolve(this.state, entryOf(origin, seq, stamp, event));
  }

  /** Registers an account; its id is the name in lower case, with `.1` unless another suffix is given. */
  register(name: string, suffix = "1"): Account {
    const account = `${name.toLowerCase()}.${suffix}`;
    this.apply({ type: "accountCreated", account, name, hash: `hash of ${name}` });
    return this.state.account(account);
  }

  /** Sends a message. */
  send(from: Account, to: Account, id: string, content = `content of ${id}`): Message {
    this.apply({ type: "messageSent", id, from: from.id, to: to.id, content });
    const message = this.state.messages.find(from, to, id);
    if (message === undefined) throw new Error(`${id} was not stored`);
    return message;
  }

  /** Marks messages as delivered, read, deleted or hidden. */
  mark(
    type: "messagesDelivered" | "messagesRead" | "messagesDeleted" | "messagesHidden",
    sender: Account,
    recipient: Account,
    ...ids: string[]
  ): readonly Change[] {
    return this.apply({ type, sender: sender.id, recipient: recipient.id, ids });
  }
}
