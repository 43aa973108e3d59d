/**
 * Checks the text of an entry that another node sent. It goes into the log and to other nodes as it came, so it
 * must mean the same to every reader: to this parser, to other parsers, and to the line of the log around it.
 *
 * @module
 */

import type { Entry } from "./entry.ts";
import { isEntry } from "./entry_check.ts";

/** Deepest nesting of objects and lists; a recursion over more of them may overflow the stack. */
export const NESTING_MAX = 32;

/** Members that a line of the log adds (`proto/log_format.md`, section 1). */
const RESERVED = new Set(["batch", "left", "prev", "crc"]);

/** A string without escapes; that of a content may have some. */
const PLAIN = String.raw`"[^"\\]*"`;
const ESCAPED = String.raw`"[^"\\]*(?:\\.[^"\\]*)*"`;
const COUNT = String.raw`(?:0|[1-9]\d{0,15})`;

/** Messages and marks as this program writes them, which are most of all entries: no such text has a problem. */
const USUAL = new RegExp(
  `^{"origin":${PLAIN},"seq":${COUNT},"stamp":${COUNT},"type":"messages?` +
    `(?:Sent","id":${PLAIN},"from":${PLAIN},"to":${PLAIN},"content":${ESCAPED}(?:,"at":${COUNT})?` +
    `|(?:Delivered|Read)","sender":${PLAIN},"recipient":${PLAIN},"ids":\\[(?:${PLAIN}(?:,${PLAIN})*)?\\])}$`,
);

/** Beginning of the only spelling that half of a surrogate pair can have. */
const UNICODE_ESCAPE = "\\u";

/** Strings, numbers and punctuation of a JSON text, one after the other. */
const TOKEN = new RegExp(String.raw`${ESCAPED}|[-\d][-+.\deE]*|[{}[\]:]`, "g");

/**
 * Reads the text of an entry.
 *
 * @returns the entry, or the problem with the text, which never quotes the text: it goes into the diagnostics
 */
export function parseEntry(text: string): Entry | string {
  const value = parsed(text);
  if (value === undefined) return "it is not JSON";
  if (!isEntry(value)) return "a member is missing or of another type";
  return (isUsual(text) ? undefined : textProblem(text)) ?? value;
}

/** True if the text needs no closer look. */
function isUsual(text: string): boolean {
  return !text.includes(UNICODE_ESCAPE) && USUAL.test(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param text JSON of an object */
function textProblem(text: string): string | undefined {
  if (!text.startsWith("{") || !text.endsWith("}")) return "there is space around it";
  // Within strings it is escaped.
  if (/[\r\n]/.test(text)) return "there is a line break in it";
  const walk = new JsonWalk();
  for (const [token] of text.matchAll(TOKEN)) {
    const problem = walk.take(token);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Goes through the tokens of a valid JSON text. */
class JsonWalk {
  /** Names of the members so far of every open object; undefined for an open list. */
  readonly #open: (Set<string> | undefined)[] = [];
  /** The last string, which is a name if a colon follows. */
  #string = "";

  /** Takes the next token; returns the problem with it. */
  take(token: string): string | undefined {
    switch (token[0]) {
      case '"':
        this.#string = token;
        return stringProblem(token);
      case "{":
        return this.#opened(new Set());
      case "[":
        return this.#opened(undefined);
      case "}":
      case "]":
        this.#open.pop();
        return undefined;
      case ":":
        return this.#named(JSON.parse(this.#string) as string);
      default:
        return numberProblem(token);
    }
  }

  #opened(names: Set<string> | undefined): string | undefined {
    this.#open.push(names);
    return this.#open.length > NESTING_MAX ? `it is nested deeper than ${NESTING_MAX}` : undefined;
  }

  #named(name: string): string | undefined {
    const names = this.#open.at(-1);
    if (names?.has(name)) return "a member is there twice";
    names?.add(name);
    return this.#open.length === 1 && RESERVED.has(name)
      ? `its member ${name} belongs to the log`
      : undefined;
  }
}

/** Other parsers refuse half of a surrogate pair, and UTF-8 cannot hold it. */
function stringProblem(token: string): string | undefined {
  const isWhole = !token.includes(UNICODE_ESCAPE) || (JSON.parse(token) as string).isWellFormed();
  return isWhole ? undefined : "half of a surrogate pair is in it";
}

/** An entry that is erased is encoded anew, which must not make it longer: `1e15` would become 16 digits. */
function numberProblem(token: string): string | undefined {
  const number = Number(token);
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) return "a number is beyond 2^53";
  return String(number).length > token.length ? "a number is shorter than its digits" : undefined;
}
