import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ProtocolError } from "../../../common/errors.ts";
import { ByteWriter, utf8Bytes } from "../../../common/wire/bytes.ts";
import { decodePayload } from "../../../common/wire/decode.ts";
import {
  encodeValue,
  Float,
  TaggedMessage,
  type Value,
  type ValueBounds,
} from "../../../common/wire/value.ts";

const BOUNDS: ValueBounds = { depth: 64, items: 4_096, keys: 64, tagMax: 0x07 };
const RUNS = 10_000;

function encoded(value: Value): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(1);
  encodeValue(writer, value);
  return writer.copy();
}

/** Strings of any code points, with astral pairs and the limits of every UTF-8 length. */
const anyText = fc.string({ unit: "binary", maxLength: 80 });

/** Integers as they are decoded: a `bigint` only where a `number` would lose digits. */
const anyInteger: fc.Arbitrary<number | bigint> = fc.oneof(
  fc.maxSafeInteger().map((integer) => integer === 0 ? 0 : integer),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
);

const { value: anyValue } = fc.letrec<{ value: Value; dictionary: ReadonlyMap<string, Value> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false),
    anyText,
    anyInteger,
    fc.double().map((number) => new Float(number)),
    fc.constantFrom(0, -0, 3, NaN, Infinity, -Infinity, 2 ** 60).map((number) => new Float(number)),
    fc.array(tie("value"), { maxLength: 6 }),
    tie("dictionary"),
    tie("dictionary").map((fields) => new TaggedMessage(fields)),
  ),
  dictionary: fc.uniqueArray(fc.tuple(anyText, tie("value")), { maxLength: 6, selector: ([key]) => key })
    .map((pairs) => new Map(pairs)),
}));

Deno.test("decodePayload() reads back what encodeValue() wrote", () => {
  let bytes = 0;
  fc.assert(
    fc.property(anyValue, (value) => {
      bytes += encoded(value).length;
      const decoded = decodePayload(encoded(value), BOUNDS);
      assertEquals(decoded, value);
      // Two equal floats can differ in their sign; their bytes show it.
      assertEquals(encoded(decoded), encoded(value));
    }),
    { numRuns: RUNS, seed: 1 },
  );
  console.log(`${RUNS} values there and back, ${bytes} bytes`);
});

Deno.test("decodePayload() tells a float from an integer and keeps -0, NaN and infinities", () => {
  for (const number of [3, 0, -0, NaN, Infinity, -Infinity, 2 ** 53, 1_700_000_000]) {
    const decoded = decodePayload(encoded(new Float(number)), BOUNDS);
    assertEquals(decoded instanceof Float && Object.is(decoded.value, number), true, String(number));
  }
  assertEquals(decodePayload(encoded(3), BOUNDS), 3);
});

Deno.test("decodePayload() keeps integers beyond 2^53 exact", () => {
  for (const integer of [2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    assertEquals(decodePayload(encoded(integer), BOUNDS), integer);
  }
  for (const integer of [2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 32, -(2 ** 32), -1]) {
    assertEquals(decodePayload(encoded(integer), BOUNDS), integer);
    assertEquals(encoded(BigInt(integer)), encoded(integer));
  }
});

Deno.test("encodeValue() refuses a number that is no integer of 64 bits", () => {
  for (const value of [1.5, NaN, Infinity, 2 ** 53, 2n ** 63n, -(2n ** 63n) - 1n]) {
    assertThrows(() => encoded(value), ProtocolError, "64 bits");
  }
});

Deno.test("encodeValue() sends U+FFFD for a lone surrogate and keeps a byte order mark", () => {
  assertEquals(decodePayload(encoded("a\ud800b"), BOUNDS), "a\ufffdb");
  assertEquals(decodePayload(encoded("\udc00".repeat(60)), BOUNDS), "\ufffd".repeat(60));
  assertEquals(decodePayload(encoded("\ufeffmark"), BOUNDS), "\ufeffmark");
});

Deno.test("utf8Bytes() is the length that TextEncoder gives", () => {
  const units = fc.array(fc.oneof(fc.nat(0xffff), fc.integer({ min: 0xd7ff, max: 0xe000 })), {
    maxLength: 60,
  });
  const encoder = new TextEncoder();
  fc.assert(
    fc.property(fc.oneof(anyText, units.map((each) => String.fromCharCode(...each))), (text) => {
      assertEquals(utf8Bytes(text), encoder.encode(text).length);
    }),
    { numRuns: RUNS, seed: 2 },
  );
});

Deno.test("utf8Bytes() counts right at the edges of every length", () => {
  const edges = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff];
  const lengths = edges.map((point) => utf8Bytes(String.fromCodePoint(point)));
  assertEquals(lengths, [1, 1, 2, 2, 3, 3, 3, 3, 4, 4]);
  for (const lone of ["\ud800", "\udbff", "\udc00", "\udfff", "\udc00\ud800"]) {
    assertEquals(utf8Bytes(lone), 3 * lone.length);
  }
});

Deno.test("ByteWriter.text() writes what TextEncoder writes, behind the length", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      const writer = new ByteWriter(1);
      writer.text(text);
      const bytes = new TextEncoder().encode(text);
      const view = new DataView(writer.copy().buffer);
      assertEquals(view.getUint32(0), bytes.length);
      assertEquals(writer.copy(4), bytes);
    }),
    { numRuns: 500, seed: 3 },
  );
});
