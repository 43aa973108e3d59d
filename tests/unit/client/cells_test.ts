import { assertEquals } from "@std/assert";
import { cellsOf, graphemes, positionAfter } from "../../../client/terminal/display/cells.ts";

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

Deno.test("positionAfter() begins a new row where one is full", () => {
  assertEquals(positionAfter("", 5), { row: 0, column: 0 });
  assertEquals(positionAfter("abcd", 5), { row: 0, column: 4 });
  assertEquals(positionAfter("abcde", 5), { row: 1, column: 0 });
  assertEquals(positionAfter("abcdef", 5), { row: 1, column: 1 });
});

Deno.test("positionAfter() puts a wide character that does not fit on the next row", () => {
  assertEquals(positionAfter("abcd漢", 5), { row: 1, column: 2 });
  assertEquals(positionAfter("abc漢", 5), { row: 1, column: 0 });
});
