/**
 * Term blocks: the index of some messages of one account, as one text. Each line has a term, a tab, and a character
 * for each message that has the term. A prefix is found by a search for a line feed and the prefix, which an engine
 * of strings does at the speed of memory.
 *
 * @module
 */

import { messageTerms, repeatedTerms } from "./terms.ts";

/** Most messages of a block. */
export const BLOCK_MESSAGES = 256;

/** Content after which a block is full although it has fewer messages, UTF-16 units. */
export const BLOCK_CONTENT = 65_536;

/** Character of the first message: the ones below would part lines. */
const FIRST_CHARACTER = 32;

/**
 * Makes a block.
 *
 * @param contents of at most `BLOCK_MESSAGES` messages
 */
export function termBlock(contents: readonly string[]): string {
  const lines = new Map<string, Line>();
  for (const [last, content] of contents.entries()) {
    const character = String.fromCharCode(FIRST_CHARACTER + last);
    for (const term of repeatedTerms(content)) {
      const line = lines.get(term);
      if (line === undefined) lines.set(term, { last, characters: character });
      else if (line.last < last) {
        line.last = last;
        line.characters += character;
      }
    }
  }
  let block = "\n";
  for (const [term, { characters }] of lines) block += `${term}\t${characters}\n`;
  return block;
}

/** The line of a term. */
interface Line {
  /** Index of its last message. */
  last: number;
  characters: string;
}

/**
 * Indexes of the messages that match: each of the beginnings begins one of their terms.
 *
 * @param beginnings at least one
 */
export function matchesInBlock(block: string, beginnings: readonly string[]): number[] {
  let matches: ReadonlySet<number> | undefined;
  for (const beginning of beginnings) {
    const others = messagesWith(block, beginning);
    matches = matches === undefined ? others : matches.intersection(others);
    if (matches.size === 0) break;
  }
  return [...matches ?? []];
}

function messagesWith(block: string, beginning: string): ReadonlySet<number> {
  const messages = new Set<number>();
  const start = `\n${beginning}`;
  for (let line = block.indexOf(start); line >= 0;) {
    const end = block.indexOf("\n", line + 1);
    for (let i = block.indexOf("\t", line) + 1; i < end; i++) {
      messages.add(block.charCodeAt(i) - FIRST_CHARACTER);
    }
    line = block.indexOf(start, end);
  }
  return messages;
}

/** True if each of the beginnings begins one of the terms of a message. */
export function matchesTerms(content: string, beginnings: readonly string[]): boolean {
  const terms = messageTerms(content);
  return beginnings.every((beginning) => terms.some((term) => term.startsWith(beginning)));
}
