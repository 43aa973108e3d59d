/**
 * Short ids: what a person types instead of a UUID. Given in the order in which messages are met, and never
 * given twice by one client.
 *
 * @module
 */

/** No letter that looks like another letter or a digit. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz";
const DIGITS = 9;

/** The short id number `index`, from 0 on: a1 to a9, b1 to z9, aa1 and so on. */
export function shortId(index: number): string {
  let letters = "";
  for (let rest = Math.floor(index / DIGITS); rest >= 0; rest = Math.floor(rest / LETTERS.length) - 1) {
    letters = LETTERS.charAt(rest % LETTERS.length) + letters;
  }
  return `${letters}${index % DIGITS + 1}`;
}

/** Which short id stands for which message. */
export class ShortIds {
  readonly #ids = new Map<string, string>();
  #given = 0;

  /** A new short id for a message. */
  give(id: string): string {
    const short = shortId(this.#given++);
    this.#ids.set(short, id);
    return short;
  }

  /** A message is no longer known; nothing else gets its short id. */
  forget(short: string): void {
    this.#ids.delete(short);
  }

  /** The message that a short id, with or without `#` and in either case, stands for. */
  find(short: string): string | undefined {
    return this.#ids.get(short.replace(/^#/, "").toLowerCase());
  }

  /** All short ids, the newest first. */
  newestFirst(): readonly string[] {
    return [...this.#ids.keys()].reverse();
  }
}
