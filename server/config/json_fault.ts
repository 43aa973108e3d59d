/**
 * Finds the position at which a text stops being JSON (RFC 8259). The engine's own messages lack the position
 * in some cases, and people who edit a file need the line.
 *
 * @module
 */

import { visibleText } from "../../common/visible_text.ts";

/** The first position that breaks the grammar. */
interface JsonFault {
  /** Counts from 1 on. */
  readonly line: number;
  /** Counts characters from 1 on. */
  readonly column: number;
  /** The problem, for people. */
  readonly problem: string;
}

/** The next tokens that the grammar allows. */
type Expected = "value" | "firstItem" | "firstKey" | "key" | "colon" | "comma" | "end";

const DESCRIPTIONS: Readonly<Record<Expected, string>> = {
  value: "a value",
  firstItem: "a value or ]",
  firstKey: "a key in double quotation marks or }",
  key: "a key in double quotation marks (no comma stands before a })",
  colon: "a colon",
  comma: "a comma or the closing bracket",
  end: "nothing more",
};

const SPACE = /[ \t\r\n]*/y;
const TEXT = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

/** Finds the first fault; `undefined` if the text is JSON. */
export function findJsonFault(text: string): JsonFault | undefined {
  const scan = new JsonScan(text);
  while (!scan.finished) if (!scan.step()) return faultAt(text, scan.offset, scan.expected);
  return undefined;
}

/** Walks from token to token without recursion, so that no depth overflows the stack. */
class JsonScan {
  offset = 0;
  expected: Expected = "value";
  finished = false;
  /** The closing bracket of every open one. */
  readonly #closers: string[] = [];

  constructor(readonly text: string) {}

  /** Takes one token; returns false if the grammar does not allow it here. */
  step(): boolean {
    this.offset = endOf(SPACE, this.text, this.offset) ?? this.offset;
    const character = this.text[this.offset];
    if (this.expected === "end" && character === undefined) return this.finished = true;
    switch (this.expected) {
      case "value":
        return this.#value(character);
      case "firstItem":
        return character === "]" ? this.#close() : this.#value(character);
      case "firstKey":
        return character === "}" ? this.#close() : this.#take(TEXT, "colon");
      case "key":
        return this.#take(TEXT, "colon");
      case "colon":
        return character === ":" && this.#advance("value");
      case "comma":
        return this.#comma(character);
      case "end":
        return false;
    }
  }

  #value(character: string | undefined): boolean {
    if (character === "{") return this.#open("}", "firstKey");
    if (character === "[") return this.#open("]", "firstItem");
    return this.#take(character === '"' ? TEXT : SCALAR, this.#afterValue());
  }

  #comma(character: string | undefined): boolean {
    if (character === this.#closers.at(-1)) return this.#close();
    return character === "," && this.#advance(this.#closers.at(-1) === "}" ? "key" : "value");
  }

  #open(closer: string, next: Expected): boolean {
    this.#closers.push(closer);
    return this.#advance(next);
  }

  #close(): boolean {
    this.#closers.pop();
    return this.#advance(this.#afterValue());
  }

  #take(token: RegExp, next: Expected): boolean {
    const end = endOf(token, this.text, this.offset);
    if (end === undefined) return false;
    this.offset = end;
    this.expected = next;
    return true;
  }

  #advance(next: Expected): true {
    this.offset++;
    this.expected = next;
    return true;
  }

  #afterValue(): Expected {
    return this.#closers.length === 0 ? "end" : "comma";
  }
}

function endOf(token: RegExp, text: string, from: number): number | undefined {
  token.lastIndex = from;
  return token.test(text) ? token.lastIndex : undefined;
}

function faultAt(text: string, offset: number, expected: Expected): JsonFault {
  const before = text.slice(0, offset).split("\n");
  const column = [...before.at(-1) ?? ""].length + 1;
  return { line: before.length, column, problem: problemAt(text, offset, expected) };
}

function problemAt(text: string, offset: number, expected: Expected): string {
  const found = text.codePointAt(offset);
  const character = found === undefined ? "the end of the file" : visibleText(String.fromCodePoint(found));
  const textFits = expected !== "colon" && expected !== "comma" && expected !== "end";
  if (character === '"' && textFits) {
    return "a text begins here that has no closing quotation mark in its line, or a \\ that escapes nothing";
  }
  if (character === "/") return "JSON has no comments; take this one out";
  return `${DESCRIPTIONS[expected]} was expected, and ${character} found`;
}
