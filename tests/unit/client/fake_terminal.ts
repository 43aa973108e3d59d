/**
 * A terminal with the features that the client uses: it renders its output as a person would see it.
 *
 * @module
 */

import { cellsOf, graphemes } from "../../../client/terminal/display/cells.ts";

/** A row as cells; the second cell of a wide character is empty. */
type Row = string[];

/** A grid of cells with a cursor, and the rows that have scrolled away. */
export class FakeTerminal {
  /** Rows that have scrolled off the top of the screen. */
  readonly scrolledOut: string[] = [];
  row = 0;
  column = 0;
  #rows: Row[];
  /** The last cell of a row was written: the next character begins a new row. */
  #full = false;
  /** False while a row that is full is cut off (DECAWM). */
  #wraps = true;

  constructor(readonly columns: number, readonly height: number) {
    this.#rows = Array.from({ length: height }, () => []);
  }

  /** Rows on the screen, without spaces at their ends and without empty rows at the bottom. */
  get screen(): readonly string[] {
    return trimmed(this.#rows.map(shown));
  }

  /** The same, after the rows that have scrolled away. */
  get everything(): readonly string[] {
    return trimmed([...this.scrolledOut, ...this.#rows.map(shown)]);
  }

  /** Writes text and obeys escape sequences. */
  write(output: string): void {
    let rest = output;
    while (rest !== "") {
      // deno-lint-ignore no-control-regex -- escape sequences begin with a control character
      const [whole, digits, command] = /^\x1b\[(\d*|\?7)([A-Za-z])/.exec(rest) ?? [];
      // deno-lint-ignore no-control-regex -- see above
      const text = /^[^\x00-\x1f]+/.exec(rest)?.[0];
      if (whole !== undefined && command !== undefined) this.#obey(command, digits ?? "");
      else if (text !== undefined) graphemes(text).forEach((each) => this.#put(each));
      else this.#control(rest.charAt(0));
      rest = rest.slice((whole ?? text ?? rest.charAt(0)).length);
    }
  }

  #put(grapheme: string): void {
    const cells = cellsOf(grapheme);
    if (cells === 0) return;
    if (!this.#wraps && this.column + cells > this.columns) this.column = this.columns - cells;
    if (this.#wraps && (this.#full || this.column + cells > this.columns)) {
      this.#full = false;
      this.column = 0;
      this.#lineFeed();
    }
    const row = this.#current();
    while (row.length < this.column) row.push(" ");
    row.splice(this.column, cells, grapheme, ...Array(cells - 1).fill(""));
    this.column += cells;
    if (this.column < this.columns) return;
    this.column = this.columns - 1;
    this.#full = this.#wraps;
  }

  #control(character: string): void {
    this.#full = false;
    if (character === "\r") this.column = 0;
    else if (character === "\n") this.#lineFeed();
    else throw new Error(`the terminal was sent ${JSON.stringify(character)}`);
  }

  #lineFeed(): void {
    if (this.row < this.height - 1) {
      this.row++;
      return;
    }
    this.scrolledOut.push(shown(this.#rows.shift() ?? []));
    this.#rows.push([]);
  }

  #obey(command: string, digits: string): void {
    const count = Number(digits || 1);
    if (command === "m") return;
    if (digits === "?7") {
      this.#wraps = command === "h";
      return;
    }
    this.#full = false;
    switch (command) {
      case "A":
        this.row = Math.max(0, this.row - count);
        return;
      case "B":
        this.row = Math.min(this.height - 1, this.row + count);
        return;
      case "G":
        this.column = Math.min(this.columns, count) - 1;
        return;
      case "H":
        this.row = this.column = 0;
        return;
      case "J":
        this.#current().length = Math.min(this.#current().length, this.column);
        for (let row = this.row + 1; row < this.height; row++) this.#rows[row] = [];
        return;
      case "K":
        this.#rows[this.row] = [];
        return;
      default:
        throw new Error(`the terminal was sent the escape sequence ${command}`);
    }
  }

  #current(): Row {
    const row = this.#rows[this.row];
    if (row === undefined) throw new Error(`the terminal has no row ${this.row}`);
    return row;
  }
}

function shown(row: Row): string {
  return row.join("").trimEnd();
}

function trimmed(rows: readonly string[]): readonly string[] {
  return rows.slice(0, rows.findLastIndex((row) => row !== "") + 1);
}
