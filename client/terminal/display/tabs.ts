/**
 * Tabs, as the spaces up to the next tab stop.
 *
 * @module
 */

import { visibleText } from "../../../common/visible_text.ts";
import { cellsOf } from "./cells.ts";

/** Cells from one tab stop to the next. */
const TAB_CELLS = 8;

/** A text made harmless, with spaces for its tabs. Tab stops count from its beginning. */
export function visibleTabbed(text: string): string {
  const [first = "", ...rest] = text.split("\t").map(visibleText);
  let cells = cellsOf(first);
  const tabbed = rest.map((part) => {
    const spaces = TAB_CELLS - cells % TAB_CELLS;
    cells += spaces + cellsOf(part);
    return " ".repeat(spaces) + part;
  });
  return first + tabbed.join("");
}
