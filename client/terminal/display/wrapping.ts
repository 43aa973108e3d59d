/**
 * Lines divided into the rows of a terminal, at words. The console does this itself: the terminal would begin a row
 * with whatever is behind the edge, and a message could look like two, the second of somebody else.
 *
 * @module
 */

import { cellsOf, graphemes } from "./cells.ts";
import { type Line, type Span, type Style, textOf } from "./spans.ts";

/** Indent of all rows of a line but the first. The first row of a message begins with its time, and never so. */
const INDENT_CELLS = 8;

/** The part of a narrow row that the indent takes at most. */
const INDENT_SHARE = 4;

/** Cells of a character that stands for a word, between any two of which a row may end. */
const WIDE_CELLS = 2;

/** Length of a line, code units for each cell of a row, up to which it may well fit into one. */
const SHORT_PER_CELL = 4;

/** A visible character. */
interface Character {
  readonly text: string;
  readonly style: Style;
  readonly cells: number;
}

/** The rows of a line, none of which takes more than that many cells. */
export function wrapped(line: Line, columns: number): readonly Line[] {
  const text = textOf(line);
  if (text.length <= SHORT_PER_CELL * columns && cellsOf(text) <= columns) return [line];
  const rows = new Rows(columns);
  for (const word of wordsOf(charactersOf(line))) rows.add(word);
  return rows.all();
}

function charactersOf(line: Line): readonly Character[] {
  return line.flatMap(({ text, style }) =>
    graphemes(text).map((each) => ({ text: each, style, cells: cellsOf(each) }))
  );
}

/** Words, each space and each wide character for itself. */
function* wordsOf(characters: readonly Character[]): Generator<readonly Character[]> {
  let word: Character[] = [];
  for (const character of characters) {
    const isAlone = isSpace(character) || character.cells >= WIDE_CELLS;
    if (isAlone && word.length > 0) yield word;
    if (isAlone) yield [character];
    if (isAlone) word = [];
    else word.push(character);
  }
  if (word.length > 0) yield word;
}

function isSpace({ text }: Character): boolean {
  return text === " ";
}

/** Rows under way. */
class Rows {
  readonly #indent: number;
  readonly #rows: Line[] = [];
  #row: Character[] = [];
  #cells = 0;
  /** True between a row that has ended at a space and the next word. */
  #isBetweenRows = false;

  constructor(readonly columns: number) {
    this.#indent = Math.min(INDENT_CELLS, Math.floor(columns / INDENT_SHARE));
  }

  /** Adds the next word. One that is longer than a row begins in this one. */
  add(word: readonly Character[]): void {
    const cells = word.reduce((sum, each) => sum + each.cells, 0);
    const fits = this.#cells + cells <= this.columns;
    if (word.every(isSpace)) {
      if (!fits) this.#end();
      this.#isBetweenRows ||= !fits;
      if (this.#isBetweenRows) return;
    }
    this.#isBetweenRows = false;
    if (!fits && this.#indent + cells <= this.columns) this.#end();
    for (const character of word) this.#put(character);
  }

  /** All rows. */
  all(): readonly Line[] {
    return this.#isBetweenRows ? this.#rows : [...this.#rows, this.#line()];
  }

  #put(character: Character): void {
    if (this.#cells + character.cells > this.columns) this.#end();
    this.#row.push(character);
    this.#cells += character.cells;
  }

  #end(): void {
    this.#rows.push(this.#line());
    this.#row = [];
    this.#cells = this.#indent;
  }

  #line(): Line {
    const spans: Span[] = this.#rows.length === 0 ? [] : [{ text: " ".repeat(this.#indent), style: "plain" }];
    for (const { text, style } of this.#row) {
      const last = spans.at(-1);
      if (last?.style === style) spans[spans.length - 1] = { text: last.text + text, style };
      else spans.push({ text, style });
    }
    return spans;
  }
}
