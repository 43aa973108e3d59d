/**
 * The events of a world: as a hash, which two runs of one seed must share, and on request as lines.
 *
 * @module
 */

/** A value in a line. */
export type Detail = string | number | boolean | undefined;

/** Hashes of frequent words: actors and actions. */
const known = new Map<string, number>();

function hashOf(word: string): number {
  let hash = known.get(word);
  if (hash !== undefined) return hash;
  hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  known.set(word, hash);
  return hash;
}

/** Hashes events, and keeps them as lines if asked to. */
export class Trace {
  /** The lines; empty unless they are kept. */
  readonly lines: string[] = [];
  #hash = 0x811c9dc5;
  #nowMs = 0;

  /** @param isKept true to keep the lines */
  constructor(readonly isKept: boolean) {}

  /** The hash of all events so far. */
  get hash(): number {
    return this.#hash >>> 0;
  }

  /** Moment of the events that follow, ms of virtual time. */
  set nowMs(nowMs: number) {
    this.#nowMs = nowMs;
  }

  /** Adds an event: its actor, its action and up to two details. */
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
