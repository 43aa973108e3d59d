import { assertEquals } from "@std/assert";
import { KeyReader } from "../../../client/terminal/keyboard/key_reader.ts";
import type { Key } from "../../../client/terminal/keyboard/keys.ts";
import { Utf8Stream } from "../../../client/terminal/utf8.ts";
import { scale } from "../../testing/scale.ts";

const INTERRUPT: Key = { name: "interrupt" };

Deno.test("KeyReader.take() ends an unfinished sequence at Ctrl-C, and at any character that cannot continue it", () => {
  const beginnings = ["\x1b", "\x1b[", "\x1bO", "\x1b[1;5", "\x1b[[", "\x1b[ ", "\x1b\x1b", "\x1b[200~paste"];
  for (const beginning of beginnings) {
    const reader = new KeyReader();
    reader.take(beginning);
    assertEquals(reader.take("\x03").at(-1), INTERRUPT, JSON.stringify(beginning));
    assertEquals(reader.take("x"), [{ name: "text", text: "x" }], JSON.stringify(beginning));
  }
  assertEquals(new KeyReader().take("\x1b[\x03"), [{ name: "unknown" }, INTERRUPT]);
  assertEquals(new KeyReader().take("\x1b\x03"), [{ name: "escape" }, INTERRUPT]);
  assertEquals(new KeyReader().take("\x1b[1é"), [{ name: "unknown" }, { name: "text", text: "é" }]);
  assertEquals(new KeyReader().take("\x1bO\x1b[A"), [{ name: "unknown" }, { name: "up" }]);
});

Deno.test("KeyReader.timeOut() ends whatever is unfinished", () => {
  const cases: readonly (readonly [string, readonly Key[]])[] = [
    ["\x1b", [{ name: "escape" }]],
    ["\x1b[", [{ name: "unknown" }]],
    ["\x1b[1;", [{ name: "unknown" }]],
    ["\x1bO", [{ name: "unknown" }]],
    ["\x1b[200~one\rtwo", [{ name: "paste", text: "one\ntwo" }]],
    ["text", []],
  ];
  for (const [input, keys] of cases) {
    const reader = new KeyReader();
    reader.take(input);
    assertEquals(reader.waitMs !== undefined, keys.length > 0, JSON.stringify(input));
    assertEquals(reader.timeOut(), keys, JSON.stringify(input));
    assertEquals([reader.waitMs, reader.take("a")], [undefined, [{ name: "text", text: "a" }]]);
  }
});

Deno.test("KeyReader.take() keeps Ctrl-C that is a part of pasted text", () => {
  const reader = new KeyReader();
  assertEquals(reader.take("\x1b[200~a\x03"), []);
  assertEquals(reader.take("\r/quit\r\x1b[201~"), [{ name: "paste", text: "a\x03\n/quit\n" }]);
});

Deno.test("KeyReader.take() waits for a sequence no longer than keys are", () => {
  const reader = new KeyReader();
  assertEquals(reader.take(`\x1b[${"1".repeat(100)}`), [{ name: "unknown" }]);
  assertEquals(reader.waitMs, undefined);
});

Deno.test("KeyReader.take() bounds pasted text, and still finds its end", () => {
  const reader = new KeyReader();
  const piece = "x".repeat(65_536);
  reader.take("\x1b[200~");
  for (let i = 0; i < 40; i++) assertEquals(reader.take(piece), []);
  assertEquals(reader.take("\x1b[20"), []);
  const [key] = reader.take("1~");
  const length = key !== undefined && "text" in key ? key.text.length : 0;
  assertEquals([length >= 1_048_570, length <= 1_048_576, reader.waitMs], [true, true, undefined]);
});

/** Pieces of sequences, so that many of the random inputs are nearly keys. */
const PIECES = [
  "\x1b",
  "[",
  "O",
  "\x1b[",
  "\x1b[200~",
  "\x1b[201~",
  "\x1b[[",
  "1;5",
  "~",
  "A",
  "\r",
  "\x03",
  "\xe2",
  "\xf0\x9f",
];

/** A generator of the same numbers in every run (xorshift, 32 bits). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function randomBytes(next: (below: number) => number): Uint8Array {
  const bytes: number[] = [];
  for (let count = next(8); count > 0; count--) {
    const piece = PIECES[next(2 * PIECES.length)];
    if (piece === undefined) bytes.push(next(256));
    else for (const character of piece) bytes.push(character.charCodeAt(0));
  }
  return Uint8Array.from(bytes);
}

Deno.test("whatever bytes came before, Ctrl-C is a key", () => {
  const count = scale(100_000, 1_000_000);
  const next = numbers(18);
  const stream = new Utf8Stream();
  const reader = new KeyReader();
  let waited = 0;
  for (let i = 0; i < count; i++) {
    reader.take(stream.push(randomBytes(next)).text);
    if (reader.waitMs !== undefined) waited++;
    const last = reader.take(stream.push(Uint8Array.of(3)).text).at(-1);
    if (last?.name !== "interrupt" || reader.waitMs !== undefined) {
      throw new Error(`input ${i}: Ctrl-C became ${JSON.stringify(last)}`);
    }
  }
  assertEquals(waited > count / 100, true, `only ${waited} of ${count} inputs were unfinished`);
  console.log(`pressed Ctrl-C after ${count} inputs, ${waited} of which were unfinished keys`);
});
