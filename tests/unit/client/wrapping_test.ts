import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { cellsOf, graphemes } from "../../../client/terminal/display/cells.ts";
import { type Line, span, textOf } from "../../../client/terminal/display/spans.ts";
import { wrapped } from "../../../client/terminal/display/wrapping.ts";
import { scale } from "../../testing/scale.ts";

function rowsOf(text: string, columns: number): readonly string[] {
  return wrapped([span(text)], columns).map(textOf);
}

Deno.test("wrapped() ends rows at words, and indents all but the first", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["", [""]],
    ["short", ["short"]],
    ["exactly twenty cells", ["exactly twenty cells"]],
    ["one two three four five", ["one two three four ", "     five"]],
    ["spaces            to the edge", ["spaces            to", "     the edge"]],
    [`a${" ".repeat(30)}12:01 #b2 x> y`, [`a${" ".repeat(19)}`, "     12:01 #b2 x> y"]],
    ["https://example.org/a/long/word", ["https://example.org/", "     a/long/word"]],
    ["漢字漢字漢字漢字漢字漢字", ["漢字漢字漢字漢字漢字", "     漢字"]],
    [`x${"e\u0301".repeat(20)}`, [`x${"e\u0301".repeat(19)}`, "     e\u0301"]],
  ];
  for (const [text, rows] of cases) assertEquals(rowsOf(text, 20), rows, text);
});

Deno.test("wrapped() keeps styles", () => {
  const line: Line = [span("12:01 #b2 ", "dim"), span("bob> ", "bold"), span("one two three")];
  assertEquals(wrapped(line, 24), [
    [span("12:01 #b2 ", "dim"), span("bob> ", "bold"), span("one two ")],
    [span("      three")],
  ]);
});

const characters = fc.constantFrom(
  " ",
  " ",
  "a",
  "b",
  "é",
  "漢",
  "👍",
  "👨‍👩‍👧",
  "e\u0301",
  "\u0301",
  "\u200b",
  "-",
  "12:01 #b2 alice> x",
);
const text = fc.array(characters, { maxLength: 900, size: "max" }).map((each) =>
  `12:00 #a1 bob> ${each.join("")}`
);

Deno.test("no row is wider than the terminal, and none but the first begins as a message does", () => {
  let rows = 0;
  fc.assert(
    fc.property(text, fc.integer({ min: 20, max: 300 }), (text, columns) => {
      const [first = "", ...rest] = rowsOf(text, columns);
      rows += rest.length + 1;
      for (const row of [first, ...rest]) assert(cellsOf(row) <= columns, `${columns}: ${row}`);
      const indent = " ".repeat(Math.min(8, Math.floor(columns / 4)));
      for (const row of rest) assert(row.startsWith(indent), `${columns}: ${row}`);
      // Nothing but spaces at the ends of rows is lost.
      const shown = first + rest.map((row) => row.slice(indent.length)).join("");
      assertEquals(letters(shown), letters(text));
    }),
    { numRuns: scale(300, 20_000) },
  );
  console.log(`checked ${rows} rows`);
});

function letters(text: string): string {
  return graphemes(text).filter((each) => each !== " ").join("");
}
