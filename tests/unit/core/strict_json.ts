/**
 * A slow JSON parser, easy to check against RFC 8259. It reads one character after the other, and also
 * refuses everything that is forbidden in the text of an entry from a peer.
 *
 * @module
 */

import { NESTING_MAX } from "../../../server/core/entry_text.ts";

const RESERVED = ["batch", "left", "prev", "crc"];
const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** True if the text is one object that may go into the log unchanged, whatever its members are. */
export function isStrictJson(text: string): boolean {
  const reader = new StrictReader(text);
  try {
    reader.object(1);
    return reader.isAtEnd;
  } catch (error) {
    if (error instanceof NotStrict) return false;
    throw error;
  }
}

class NotStrict extends Error {}

class StrictReader {
  #at = 0;

  constructor(readonly text: string) {}

  get isAtEnd(): boolean {
    return this.#at === this.text.length;
  }

  object(depth: number): void {
    this.#enter(depth, "{");
    const names: string[] = [];
    this.#space();
    if (this.#peek === "}") return void this.#at++;
    for (;;) {
      this.#space();
      const name = this.#string();
      if (names.includes(name) || depth === 1 && RESERVED.includes(name)) throw new NotStrict();
      names.push(name);
      this.#space();
      this.#take(":");
      this.#value(depth);
      if (this.#peek === "}") return void this.#at++;
      this.#take(",");
    }
  }

  #list(depth: number): void {
    this.#enter(depth, "[");
    this.#space();
    if (this.#peek === "]") return void this.#at++;
    for (;;) {
      this.#value(depth);
      if (this.#peek === "]") return void this.#at++;
      this.#take(",");
    }
  }

  #enter(depth: number, bracket: string): void {
    if (depth > NESTING_MAX) throw new NotStrict();
    this.#take(bracket);
  }

  #value(depth: number): void {
    this.#space();
    if (this.#peek === "{") this.object(depth + 1);
    else if (this.#peek === "[") this.#list(depth + 1);
    else if (this.#peek === '"') this.#string();
    else this.#word();
    this.#space();
  }

  #word(): void {
    const start = this.#at;
    while (/[-+.0-9a-zA-Z]/.test(this.#peek)) this.#at++;
    const word = this.text.slice(start, this.#at);
    if (["true", "false", "null"].includes(word)) return;
    if (!NUMBER.test(word) || Math.abs(Number(word)) >= 2 ** 53) throw new NotStrict();
    if (JSON.stringify(Number(word)).length > word.length) throw new NotStrict();
  }

  #string(): string {
    this.#take('"');
    let string = "";
    while (this.#peek !== '"') {
      const character = this.#next();
      if (character < " ") throw new NotStrict();
      string += character === "\\" ? this.#escape() : character;
    }
    this.#at++;
    if (/\p{Cs}/u.test(string)) throw new NotStrict();
    return string;
  }

  #escape(): string {
    const character = this.#next();
    if (character === "u") {
      const digits = this.#next() + this.#next() + this.#next() + this.#next();
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new NotStrict();
      return String.fromCharCode(parseInt(digits, 16));
    }
    const escaped = ESCAPES[character];
    if (escaped === undefined) throw new NotStrict();
    return escaped;
  }

  /** JSON permits line breaks as space; the log does not. */
  #space(): void {
    while (this.#peek === " " || this.#peek === "\t") this.#at++;
  }

  get #peek(): string {
    return this.text.charAt(this.#at);
  }

  #next(): string {
    if (this.isAtEnd) throw new NotStrict();
    return this.text.charAt(this.#at++);
  }

  #take(character: string): void {
    if (this.#next() !== character) throw new NotStrict();
  }
}
