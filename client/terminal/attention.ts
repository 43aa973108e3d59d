/**
 * The eyes of the person: the messages of the focused chat count as seen once they are shown and somebody looks.
 *
 * @module
 */

import type { Message } from "../core/message.ts";
import { inFocus, isUnread } from "../core/messages.ts";
import type { Model } from "../core/model.ts";

/** The attention of a person, as far as it is known. */
export class Attention {
  #isThere = true;
  /** Ids of the messages that nobody has seen yet. */
  #unseen: string[] = [];

  /** @param seen takes the ids of messages that somebody sees */
  constructor(readonly seen: (ids: readonly string[]) => void) {}

  /** False while nobody looks, as far as the terminal tells. */
  get isThere(): boolean {
    return this.#isThere;
  }

  /** Somebody looks, or looks away. */
  turn(model: Model, isThere: boolean): void {
    this.#isThere = isThere;
    this.tell(model);
  }

  /** A message is shown. */
  shown(model: Model, message: Message): void {
    if (isUnread(model, message) && inFocus(model, message)) this.#unseen.push(message.id);
  }

  /** Tells of the messages that somebody sees now; false if there are none. */
  tell(model: Model): boolean {
    if (!this.#isThere) return false;
    const ids = this.#unseen.filter((id) => {
      const message = model.messages.get(id);
      return message !== undefined && inFocus(model, message);
    });
    this.#unseen = [];
    if (ids.length > 0) this.seen(ids);
    return ids.length > 0;
  }
}
