/**
 * The room that text takes on a terminal, in cells.
 *
 * @module
 */

import stringWidth from "string-width";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const ASCII = /^[\x20-\x7e]*$/;

/** The visible characters of a text. */
export function graphemes(text: string): string[] {
  return ASCII.test(text) ? text.split("") : Array.from(segmenter.segment(text), (each) => each.segment);
}

/** Cells that a text takes on one endless row. */
export function cellsOf(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text);
}

/** A position on a screen, counted from the beginning of a text. */
export interface Position {
  readonly row: number;
  readonly column: number;
}

/**
 * Position of the cursor after a terminal of that many columns has printed the text from the first column on.
 * A row that is exactly full counts as ended: the position is then the first column of the next row.
 */
export function positionAfter(text: string, columns: number): Position {
  if (ASCII.test(text)) return { row: Math.floor(text.length / columns), column: text.length % columns };
  let row = 0;
  let column = 0;
  for (const grapheme of graphemes(text)) {
    const cells = cellsOf(grapheme);
    // A wide character does not fit into the last cell: the terminal begins a new row for it.
    if (column + cells > columns) {
      row++;
      column = 0;
    }
    column += cells;
    if (column >= columns) {
      row++;
      column = 0;
    }
  }
  return { row, column };
}
