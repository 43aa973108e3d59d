import { assertEquals } from "@std/assert";
import { cellsOf, graphemes, placeAfter, rowsOf } from "../../../client/terminal/display/cells.ts";

Deno.test("cellsOf() counts wide and combined characters", () => {
  const cases: readonly (readonly [string, number])[] = [["", 0], ["abc", 3], ["漢字", 4], ["e\u0301", 1], [
    "👍",
    2,
  ]];
  for (const [text, cells] of cases) assertEquals(cellsOf(text), cells, text);
});

Deno.test("graphemes() keeps together what a person takes for one character", () => {
  assertEquals(graphemes("ae\u0301👨‍👩‍👧b"), ["a", "e\u0301", "👨‍👩‍👧", "b"]);
});

Deno.test("placeAfter() begins a new row where one is full", () => {
  assertEquals(placeAfter("", 5), { row: 0, column: 0 });
  assertEquals(placeAfter("abcd", 5), { row: 0, column: 4 });
  assertEquals(placeAfter("abcde", 5), { row: 1, column: 0 });
  assertEquals(placeAfter("abcdef", 5), { row: 1, column: 1 });
});

Deno.test("placeAfter() puts a wide character that does not fit on the next row", () => {
  assertEquals(placeAfter("abcd漢", 5), { row: 1, column: 2 });
  assertEquals(placeAfter("abc漢", 5), { row: 1, column: 0 });
});

Deno.test("rowsOf() counts a full row once", () => {
  assertEquals([rowsOf("", 5), rowsOf("abcde", 5), rowsOf("abcdef", 5), rowsOf("abcd漢", 5)], [1, 1, 2, 2]);
});
