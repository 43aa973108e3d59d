/**
 * The screen of a terminal: lines that scroll, and below them the prompt with the line being typed. Every
 * method returns the output to write to the terminal; nothing here writes.
 *
 * Rows are counted from the beginning of the program, which tells the lines that are still in sight.
 *
 * @module
 */

import { cellsOf, graphemes, type Position, positionAfter } from "./cells.ts";
import { type Line, painted, span, textOf } from "./spans.ts";
import { wrapped } from "./wrapping.ts";

/** Lines that belong together, such as a message; all blocks of a `key` can be replaced. */
export interface Block {
  readonly key?: string | undefined;
  readonly lines: readonly Line[];
  /** Gives the last row of a block that takes more than the screen; without it, all rows are shown. */
  readonly more?: ((rowsHidden: number) => Line) | undefined;
}

/** The prompt and the line being typed, in which nothing is left that a terminal would obey. */
export interface PromptArea {
  readonly prompt: Line;
  readonly beforeCursor: string;
  readonly afterCursor: string;
}

interface Shown {
  block: Block;
  /** First row, counted from where the program began. */
  readonly row: number;
  readonly rows: number;
}

/** Blocks that are kept to be painted again. */
const BLOCKS_KEPT = 500;

/** Row of a block that was left out when the screen was painted anew. */
const OUT_OF_SIGHT = -Infinity;

/** Rows of the screen that a block leaves free: for the day above it, and for the prompt. */
const ROWS_FREE = 2;

const NEW_LINE = "\r\n";
/*
 * Rows are as wide as is counted here, and a terminal may count some characters as wider: then it cuts the row off,
 * rather than to begin another one with text that looks like a line of its own (DECAWM).
 */
const CUT_ROWS = "\x1b[?7l";
const WRAP_ROWS = "\x1b[?7h";
const ERASE_BELOW = "\x1b[J";
const ERASE_ROW = "\x1b[2K";
const HOME = "\x1b[H";

/** A screen: the blocks printed, the prompt, and the place of the cursor. */
export class Screen {
  #shown: Shown[] = [];
  #area: PromptArea = { prompt: [], beforeCursor: "", afterCursor: "" };
  /** Row on which the prompt begins. */
  #promptRow = 0;
  /** Position of the cursor, counted from there. */
  #cursor: Position = { row: 0, column: 0 };
  /** The lowest row that was ever written: rows more than a screen above it have scrolled away. */
  #lowestRow = 0;

  /**
   * @param columns cells of a row
   * @param rows rows of the screen
   * @param colours true to show styles
   */
  constructor(public columns: number, public rows: number, readonly colours: boolean) {}

  /** Prints blocks above the prompt, which stays as it is unless another one is given. */
  print(blocks: readonly Block[], area = this.#area): string {
    const erased = this.#toPrompt() + ERASE_BELOW;
    this.#area = area;
    return erased + blocks.map((block) => this.#append(block)).join("") + this.#paintPrompt();
  }

  /** Shows another prompt, or another line being typed. */
  setPrompt(area: PromptArea): string {
    this.#area = area;
    return this.#toPrompt() + ERASE_BELOW + this.#paintPrompt();
  }

  /** Rewrites, where they stand, all blocks with that key that are still in sight. */
  replace(key: string, block: Block): string {
    const output: string[] = [];
    for (const shown of this.#shown) {
      if (shown.block.key !== key) continue;
      shown.block = block;
      if (shown.row > this.#lowestRow - this.rows) output.push(this.#rewrite(shown));
    }
    return output.join("");
  }

  /** Paints everything that fits, for a terminal that has changed its size or was written to by others. */
  repaint(columns = this.columns, rows = this.rows): string {
    this.columns = columns;
    this.rows = rows;
    const erased = HOME + Array(rows).fill(ERASE_ROW).join("\x1b[B") + HOME;
    const kept = this.#shown.map((each) => each.block);
    const { first, rowsLeft } = this.#latest(kept);
    this.#shown = kept.slice(0, first).map((block) => ({ block, row: OUT_OF_SIGHT, rows: 0 }));
    this.#promptRow = this.#lowestRow = 0;
    const partly = this.#paintEnd(kept[first - 1], rowsLeft);
    const wholly = kept.slice(first).map((block) => this.#append(block)).join("");
    return erased + partly + wholly + this.#paintPrompt();
  }

  /** Leaves the prompt behind and the cursor on an empty row. */
  leave(): string {
    return this.#toPrompt() + ERASE_BELOW;
  }

  /** The first of the blocks from which on all fit above the prompt, and the rows that are left above it. */
  #latest(blocks: readonly Block[]): { readonly first: number; readonly rowsLeft: number } {
    let rowsLeft = Math.max(0, this.rows - this.#areaRows());
    let first = blocks.length;
    for (; first > 0; first--) {
      const { length } = this.#rowsOf(blocks[first - 1] ?? { lines: [] });
      if (length > rowsLeft) break;
      rowsLeft -= length;
    }
    return { first, rowsLeft };
  }

  /** Paints the last rows of a block that does not fit as a whole. */
  #paintEnd(block: Block | undefined, rowsMax: number): string {
    const all = block === undefined ? [] : this.#rowsOf(block);
    const rows = all.slice(Math.max(0, all.length - rowsMax));
    this.#promptRow += rows.length;
    return this.#paintRows(rows);
  }

  #append(block: Block): string {
    const rows = this.#rowsOf(block);
    this.#shown.push({ block, row: this.#promptRow, rows: rows.length });
    if (this.#shown.length > BLOCKS_KEPT) this.#shown.shift();
    this.#promptRow += rows.length;
    return this.#paintRows(rows);
  }

  #paintRows(rows: readonly Line[]): string {
    if (rows.length === 0) return "";
    return CUT_ROWS + rows.map((row) => painted(row, this.colours) + NEW_LINE).join("") + WRAP_ROWS;
  }

  #rewrite(shown: Shown): string {
    const distance = this.#promptRow + this.#cursor.row - shown.row;
    const erased = Array(shown.rows).fill(ERASE_ROW).join("\x1b[B") + up(shown.rows - 1);
    const rows = this.#fitting(shown);
    const written = CUT_ROWS + rows.map((row) => painted(row, this.colours)).join(NEW_LINE) + WRAP_ROWS;
    const back = down(distance - rows.length + 1) + toColumn(this.#cursor.column);
    return `${up(distance)}\r${erased}${written}\r${back}`;
  }

  /** The rows of a block; where there are more than it has on the screen, the last of those takes what it can. */
  #fitting({ block, rows }: Shown): readonly Line[] {
    const all = this.#rowsOf(block);
    if (all.length <= rows) return all;
    const rest = all.slice(rows - 1).map(textOf).join(" ");
    return [...all.slice(0, rows - 1), [span(firstCells(rest, this.columns - 1))]];
  }

  #paintPrompt(): string {
    const area = this.#window();
    const prompt = textOf(area.prompt);
    const end = positionAfter(prompt + area.beforeCursor + area.afterCursor, this.columns);
    this.#cursor = positionAfter(prompt + area.beforeCursor, this.columns);
    this.#lowestRow = Math.max(this.#lowestRow, this.#promptRow + end.row);
    // At the end of a full row terminals keep the cursor there until more comes: a space makes it move on.
    const onward = end.row > 0 && end.column === 0 ? " \r" : "";
    const text = painted(area.prompt, this.colours) + area.beforeCursor + area.afterCursor + onward;
    return text + up(end.row - this.#cursor.row) + toColumn(this.#cursor.column);
  }

  /** The part of the line being typed that fits on the screen, around the cursor. */
  #window(): PromptArea {
    const { prompt, beforeCursor, afterCursor } = this.#area;
    if (this.#areaRows() < this.rows) return this.#area;
    const cells = Math.max(8, this.columns * (this.rows - 2) - cellsOf(textOf(prompt)));
    const before = lastCells(beforeCursor, Math.floor(cells / 2));
    return {
      prompt,
      beforeCursor: `…${before}`,
      afterCursor: firstCells(afterCursor, Math.floor(cells / 4)),
    };
  }

  #areaRows(): number {
    const { prompt, beforeCursor, afterCursor } = this.#area;
    return positionAfter(textOf(prompt) + beforeCursor + afterCursor, this.columns).row + 1;
  }

  #toPrompt(): string {
    return `${up(this.#cursor.row)}\r`;
  }

  /** The rows that a block takes on this screen. */
  #rowsOf({ lines, more }: Block): readonly Line[] {
    const rows = lines.flatMap((line) => wrapped(line, this.columns));
    const shown = Math.max(1, this.rows - ROWS_FREE - 1);
    if (more === undefined || rows.length <= shown + 1) return rows;
    return [...rows.slice(0, shown), ...wrapped(more(rows.length - shown), this.columns).slice(0, 1)];
  }
}

function firstCells(text: string, cells: number): string {
  let left = cells;
  return graphemes(text).filter((each) => (left -= cellsOf(each)) >= 0).join("");
}

function lastCells(text: string, cells: number): string {
  let left = cells;
  return graphemes(text).reverse().filter((each) => (left -= cellsOf(each)) >= 0).reverse().join("");
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}

function down(rows: number): string {
  return rows > 0 ? `\x1b[${rows}B` : "";
}

function toColumn(column: number): string {
  return `\x1b[${column + 1}G`;
}
