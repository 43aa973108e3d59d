/**
 * Alerts about new messages: the bell, and where the terminal has them, notifications of the desktop.
 *
 * @module
 */

import type { Chat } from "../core/chats.ts";
import type { AlertOrder } from "./commands/command.ts";

/** Time without messages after which the next one begins another burst, ms. */
const BURST_MS = 2_000;

/** Time after which a burst that goes on rings again, ms. */
const BURST_MS_MAX = 30_000;

/** The alerts of one run of the program. Pure. */
export class Alerts {
  #isOn = true;
  readonly #muted = new Set<Chat>();
  #lastMs = -Infinity;
  #rangMs = -Infinity;

  /**
   * The chats with new messages to alert the person of; none if they are muted, or belong to a burst that has rung.
   *
   * @param nowMs the present, ms on any clock that does not go back
   */
  due(chats: readonly Chat[], nowMs: number): readonly Chat[] {
    const heard = [...new Set(chats)].filter((chat) => !this.#muted.has(chat));
    if (!this.#isOn || heard.length === 0) return [];
    const isNew = nowMs - this.#lastMs >= BURST_MS || nowMs - this.#rangMs >= BURST_MS_MAX;
    this.#lastMs = nowMs;
    if (isNew) this.#rangMs = nowMs;
    return isNew ? heard : [];
  }

  /** Obeys an order; returns the state that follows, for people. */
  obey(order: AlertOrder): string {
    switch (order.kind) {
      case "notify":
        this.#isOn = order.isOn ?? this.#isOn;
        return this.#isOn ? "new messages ring" : "nothing rings; /notify on changes that";
      case "mute":
        if (!order.isMuted) this.#muted.delete(order.chat);
        else this.#muted.add(order.chat);
        return order.isMuted
          ? `messages of ${order.chat.name} do not ring; /mute ${order.chat.name} off changes that`
          : `messages of ${order.chat.name} ring`;
      case "muted": {
        const names = [...this.#muted].map(({ name }) => name);
        return names.length === 0 ? "nobody is muted; /mute NAME mutes" : `muted: ${names.join(", ")}`;
      }
    }
  }
}
