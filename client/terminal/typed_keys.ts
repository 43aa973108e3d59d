/**
 * Keys as they come from a terminal, in pieces that need not end between two keys.
 *
 * @module
 */

import { KeyReader } from "./keyboard/key_reader.ts";
import type { Key } from "./keyboard/keys.ts";
import type { BadByte, Decoded } from "./utf8.ts";

/** Turns what a terminal sends into keys. */
export class TypedKeys {
  readonly #press: (key: Key) => void;
  readonly #pressLate: (key: Key) => void;
  readonly #reader = new KeyReader();
  #timer: ReturnType<typeof setTimeout> | undefined;
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
    clearTimeout(this.#timer);
    this.#bad ??= bad;
    for (const key of this.#reader.take(text)) this.#press(key);
    const { waitMs } = this.#reader;
    if (waitMs !== undefined) this.#timer = setTimeout(() => this.#timeOut(), waitMs);
  }

  /** The first byte since the last call that is not UTF-8, and was left out. */
  takeBad(): BadByte | undefined {
    const bad = this.#bad;
    this.#bad = undefined;
    return bad;
  }

  #timeOut(): void {
    for (const key of this.#reader.timeOut()) this.#pressLate(key);
  }
}
