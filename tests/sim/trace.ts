/**
 * What has happened: as a hash, which two runs of one seed must share, and, where somebody wants to read it, as
 * lines.
 *
 * @module
 */

/** What a line can speak of. */
export type Detail = string | number | boolean | undefined;

/** Hashes of words that come again and again: who does something, and what. */
const known = new Map<string, number>();

function hashOf(word: string): number {
  let hash = known.get(word);
  if (hash !== undefined) return hash;
  hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  known.set(word, hash);
  return hash;
}

/** See the module. */
export class Trace {
  /** The lines; empty unless they were asked for. */
  readonly lines: string[] = [];
  #hash = 0x811c9dc5;
  #nowMs = 0;

  /** @param isKept whether the lines are kept */
  constructor(readonly isKept: boolean) {}

  /** The hash of everything so far. */
  get hash(): number {
    return this.#hash >>> 0;
  }

  /** The moment of what follows, ms of virtual time. */
  set nowMs(nowMs: number) {
    this.#nowMs = nowMs;
  }

  /** Something has happened to somebody. */
  add(who: string, what: string, a?: Detail, b?: Detail): void {
    this.#mix(Math.round(this.#nowMs * 1_000));
    this.#mix(hashOf(who));
    this.#mix(hashOf(what));
    if (a !== undefined) this.#mixText(String(a));
    if (b !== undefined) this.#mixText(String(b));
    if (!this.isKept) return;
    const words = [a, b].filter((detail) => detail !== undefined).join(" ");
    this.lines.push(`${this.#nowMs.toFixed(3).padStart(10)}  ${who.padEnd(9)} ${what} ${words}`.trimEnd());
  }

  #mixText(text: string): void {
    for (let i = 0; i < text.length; i++) this.#mix(text.charCodeAt(i));
  }

  #mix(number: number): void {
    this.#hash = Math.imul(this.#hash ^ (number | 0), 0x01000193);
  }
}
