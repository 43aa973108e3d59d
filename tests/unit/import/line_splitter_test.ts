import { assertEquals } from "@std/assert";
import { type InputLine, LineSplitter } from "../../../server/import/line_splitter.ts";

const encoder = new TextEncoder();

function split(bytes: Uint8Array, chunkBytes: number, lineBytesMax = 100): InputLine[] {
  const splitter = new LineSplitter(lineBytesMax);
  const lines: InputLine[] = [];
  // One buffer for all chunks, as the command reads a file.
  const buffer = new Uint8Array(chunkBytes);
  for (let from = 0; from < bytes.length; from += chunkBytes) {
    const chunk = bytes.subarray(from, from + chunkBytes);
    buffer.set(chunk);
    lines.push(...splitter.push(buffer.subarray(0, chunk.length)));
  }
  return [...lines, ...splitter.end()];
}

Deno.test("LineSplitter.push() gives the same lines however the bytes come", () => {
  const text = "first\n\nGrüße 🐦\r\nlast";
  const expected = [
    { number: 1, text: "first" },
    { number: 2, text: "" },
    { number: 3, text: "Grüße 🐦\r" },
    { number: 4, text: "last" },
  ];
  const bytes = encoder.encode(text);
  for (let chunkBytes = 1; chunkBytes <= bytes.length; chunkBytes++) {
    assertEquals(split(bytes, chunkBytes), expected, `chunks of ${chunkBytes} bytes`);
  }
  console.log(`LineSplitter: ${bytes.length} ways to cut ${bytes.length} bytes`);
});

Deno.test("LineSplitter.end() gives nothing where the last line has its line feed", () => {
  assertEquals(split(encoder.encode("a\n"), 10), [{ number: 1, text: "a" }]);
  assertEquals(split(new Uint8Array(0), 10), []);
});

Deno.test("LineSplitter.push() goes over a line that is too long, and reads the next", () => {
  const lines = split(encoder.encode(`${"x".repeat(101)}\n${"y".repeat(100)}\n`), 7);
  assertEquals(lines, [
    { number: 1, problem: "it has 101 bytes and the limit for a line is 100" },
    { number: 2, text: "y".repeat(100) },
  ]);
});

Deno.test("LineSplitter.push() refuses bytes that are no UTF-8 in place of changing them", () => {
  const bytes = Uint8Array.of(0x61, 0xff, 10, 0x62, 10);
  assertEquals(split(bytes, 3), [{ number: 1, problem: "it is not UTF-8" }, { number: 2, text: "b" }]);
});
