/**
 * Pieces of text with a style, for terminals with colours and without.
 *
 * @module
 */

import { visibleText } from "../../../common/visible_text.ts";

/** The style of a piece of text. It only adds: the text alone says everything. */
export type Style = "plain" | "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** A piece of text in which nothing is left that a terminal would obey. */
export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** One line of output, without its line break. */
export type Line = readonly Span[];

/** SGR parameters (ECMA-48, section 8.3.117). */
const SGR: Readonly<Record<Style, string>> = {
  plain: "",
  bold: "1",
  dim: "2",
  red: "31",
  green: "32",
  yellow: "33",
  cyan: "36",
};

/** A piece of text from wherever, made harmless. */
export function span(text: string, style: Style = "plain"): Span {
  return { text: visibleText(text), style };
}

/** The text of a line. */
export function textOf(line: Line): string {
  return line.map((each) => each.text).join("");
}

/** The output for a line on a terminal. */
export function painted(line: Line, colours: boolean): string {
  if (!colours) return textOf(line);
  return line.map(({ text, style }) => style === "plain" ? text : `\x1b[${SGR[style]}m${text}\x1b[m`).join(
    "",
  );
}
