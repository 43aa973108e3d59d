/**
 * Keys as they come from a terminal, in pieces that need not end between two keys.
 *
 * @module
 */

import { type Key, readKeys } from "./keyboard/keys.ts";
import type { BadByte, Decoded } from "./utf8.ts";

/** Time after which a lone ESC is a key rather than the beginning of one, ms. */
const ESCAPE_MS = 50;

/** Turns what a terminal sends into keys. */
export class TypedKeys {
  readonly #press: (key: Key) => void;
  readonly #pressLate: (key: Key) => void;
  #unread = "";
  #escapeTimer: ReturnType<typeof setTimeout> | undefined;
  #bad: BadByte | undefined;

  /**
   * @param press gets each key
   * @param pressLate gets a key that became one only because nothing followed
   */
  constructor(press: (key: Key) => void, pressLate: (key: Key) => void) {
    this.#press = press;
    this.#pressLate = pressLate;
  }

  /** Takes the next piece. */
  take({ text, bad }: Decoded): void {
    clearTimeout(this.#escapeTimer);
    this.#bad ??= bad;
    const { keys, rest } = readKeys(this.#unread + text);
    this.#unread = rest;
    for (const key of keys) this.#press(key);
    if (rest === "\x1b") this.#escapeTimer = setTimeout(() => this.#escape(), ESCAPE_MS);
  }

  /** The first byte since the last call that is not UTF-8, and was left out. */
  takeBad(): BadByte | undefined {
    const bad = this.#bad;
    this.#bad = undefined;
    return bad;
  }

  #escape(): void {
    this.#unread = "";
    this.#pressLate({ name: "escape" });
  }
}
