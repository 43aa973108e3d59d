import { assertEquals } from "@std/assert";
import { readLines } from "../../../server/log/line_reader.ts";
import { LINE_BYTES_MAX } from "../../../server/log/log_line.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";

interface Found {
  text: string;
  number: number;
  offset: number;
  length: number;
  problem: string | undefined;
}

function linesOf(content: string): Found[] {
  const files = new MemoryFiles();
  files.put("log/x", new TextEncoder().encode(content));
  const found: Found[] = [];
  readLines(files, "log/x", ({ bytes, text, ...place }) => {
    if (place.problem === undefined) {
      assertEquals(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), text);
    }
    found.push({
      text,
      number: place.number,
      offset: place.offset,
      length: place.length,
      problem: place.problem,
    });
    return true;
  });
  return found;
}

Deno.test("readLines() hands out lines across chunks, whatever their characters take", () => {
  const lines = Array.from(
    { length: 9_000 },
    (_, n) => n % 3 === 0 ? `${n} żółć 🎉\u2028` : `line ${n} ${"x".repeat(n % 200)}`,
  );
  lines[4_000] = "y".repeat(700_000);
  const found = linesOf(lines.join("\n") + "\n");
  assertEquals(found.map(({ text }) => text), lines);
  assertEquals(found.map(({ number }) => number), lines.map((_, index) => index + 1));
  let offset = 0;
  for (const line of found) {
    assertEquals(line.offset, offset);
    offset += line.length;
  }
  console.log(`readLines(): ${found.length} lines, ${offset} bytes`);
});

Deno.test("readLines() goes over a line that is too long, and on behind it", () => {
  const found = linesOf(`a\n${"b".repeat(LINE_BYTES_MAX * 3)}\nc\n`);
  assertEquals(found.map(({ length, problem }) => [length, problem !== undefined]), [
    [2, false],
    [LINE_BYTES_MAX * 3 + 1, true],
    [2, false],
  ]);
  assertEquals(found.map(({ offset, number }) => [offset, number]), [[0, 1], [2, 2], [
    LINE_BYTES_MAX * 3 + 3,
    3,
  ]]);
});

Deno.test("readLines() takes a line of the longest length", () => {
  const found = linesOf(`a\n${"b".repeat(LINE_BYTES_MAX - 1)}\n`);
  assertEquals(found.map(({ length, problem }) => [length, problem]), [[2, undefined], [
    LINE_BYTES_MAX,
    undefined,
  ]]);
});

Deno.test("readLines() tells of an end without a line feed", () => {
  assertEquals(linesOf("a\nbc").map(({ offset, length, problem }) => [offset, length, problem]), [
    [0, 2, undefined],
    [2, 2, "the file ends before its line feed"],
  ]);
  assertEquals(linesOf("b".repeat(LINE_BYTES_MAX * 2)).map(({ length }) => length), [LINE_BYTES_MAX * 2]);
  assertEquals(linesOf(""), []);
});

Deno.test("readLines() stops when told to", () => {
  const files = new MemoryFiles();
  files.put("log/x", new TextEncoder().encode("a\nb\nc\n"));
  let count = 0;
  readLines(files, "log/x", () => ++count < 2);
  assertEquals(count, 2);
});
