/**
 * Keys out of the pieces in which a terminal sends them. Whatever came before, Ctrl-C is a key: no beginning of a
 * sequence, and no pasted text without its end, holds it up.
 *
 * @module
 */

import { endedKey, type Key, PASTE_BEGIN, PASTE_END, readKeys } from "./keys.ts";

/** Time after which the beginning of a key, such as a lone ESC, is all that comes of it, ms. */
const SEQUENCE_MS = 50;

/** Time after which pasted text without its end is all of it, ms: longer than a slow connection pauses. */
const PASTE_MS = 2_000;

/** Longest pasted text, characters: more than any server takes. */
const PASTE_MAX = 1_048_576;

/** Ctrl-C, which a person presses alone. */
const INTERRUPT = "\x03";

/** Turns pieces of input into keys. Pure. */
export class KeyReader {
  #unread = "";

  /** Time after which `timeOut` is to be called if nothing follows, ms; `undefined` if no key is unfinished. */
  get waitMs(): number | undefined {
    if (this.#unread === "") return undefined;
    return this.#unread.startsWith(PASTE_BEGIN) ? PASTE_MS : SEQUENCE_MS;
  }

  /** The keys that the next piece completes. */
  take(text: string): readonly Key[] {
    // Within pasted text it may be a part of it; a piece of nothing else is the key, and drops what was pasted.
    if (text === INTERRUPT) this.#unread = "";
    const { keys, rest } = readKeys(this.#unread + text);
    // The end of pasted text may be cut in two, so the last characters are kept beside the first ones.
    const tail = Math.max(PASTE_MAX, rest.length - PASTE_END.length + 1);
    this.#unread = rest.slice(0, PASTE_MAX) + rest.slice(tail);
    return keys;
  }

  /** The key that is unfinished becomes one, since nothing has followed. */
  timeOut(): readonly Key[] {
    const unread = this.#unread;
    this.#unread = "";
    return unread === "" ? [] : [endedKey(unread)];
  }
}
