import { assert, assertEquals } from "@std/assert";
import { badByteText, decodeUtf8, Utf8Stream } from "../../../client/terminal/utf8.ts";

const encoder = new TextEncoder();

function bytes(...parts: readonly (string | number)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => typeof part === "string" ? [...encoder.encode(part)] : [part]),
  );
}

Deno.test("decodeUtf8() names the first byte that is not UTF-8, and leaves all of them out", () => {
  const cases: [Uint8Array, string, number | undefined][] = [
    [bytes("caf\u00e9 \u{1f600}"), "caf\u00e9 \u{1f600}", undefined],
    [bytes("genuine \ufffd"), "genuine \ufffd", undefined],
    [bytes("caf", 0xe9), "caf", 3],
    [bytes("\u00e9", 0xff, "x", 0xc0), "\u00e9x", 2],
    [bytes(0xed, 0xa0, 0x80, "a"), "a", 0],
    [bytes("\ufffd", 0xf0, 0x9f, 0x98, "z"), "\ufffdz", 3],
    [bytes(0xf4, 0x90, 0x80, 0x80, "z"), "z", 0],
    [bytes(0xef, 0xbf, "z"), "z", 0],
    [bytes(), "", undefined],
  ];
  for (const [input, text, at] of cases) {
    const decoded = decodeUtf8(input);
    assertEquals([decoded.text, decoded.bad?.at], [text, at], input.toString());
  }
  assertEquals(badByteText({ at: 3, byte: 0xe9 }), "byte 4 (0xe9) is not UTF-8");
});

Deno.test("decodeUtf8() finds what a strict decoder refuses, in random bytes", () => {
  const strict = new TextDecoder("utf-8", { fatal: true });
  let bad = 0;
  for (let i = 0; i < 20_000; i++) {
    const input = crypto.getRandomValues(new Uint8Array(i % 7)).map((byte) =>
      i % 2 === 0 ? byte : byte | 0x80
    );
    const decoded = decodeUtf8(input);
    let isGood = true;
    try {
      strict.decode(input);
    } catch {
      isGood = false;
    }
    assertEquals(decoded.bad === undefined, isGood, input.toString());
    if (decoded.bad === undefined) continue;
    bad++;
    assertEquals(input[decoded.bad.at], decoded.bad.byte);
    strict.decode(input.subarray(0, decoded.bad.at));
  }
  assert(bad > 5_000, `${bad}`);
  console.log(`20000 texts, ${bad} of them not UTF-8`);
});

Deno.test("Utf8Stream makes the same of any pieces", () => {
  const text = "a\u00e9\u20ac\u{1f600}\ufffdz";
  const all = encoder.encode(text);
  for (let one = 0; one <= all.length; one++) {
    for (let two = one; two <= all.length; two++) {
      const stream = new Utf8Stream();
      const pieces = [all.subarray(0, one), all.subarray(one, two), all.subarray(two)];
      const decoded = pieces.map((piece) => stream.push(piece));
      assertEquals(decoded.map((each) => each.text).join(""), text);
      assert(decoded.every(({ bad }) => bad === undefined));
    }
  }
  const stream = new Utf8Stream();
  assertEquals(stream.push(bytes("x", 0xc3)), { text: "x" });
  assertEquals(stream.push(bytes("y")), { text: "y", bad: { at: 0, byte: 0xc3 } });
});
