import { assertEquals, assertThrows } from "@std/assert";
import { ProtocolError } from "../../../common/errors.ts";
import { ByteWriter } from "../../../common/wire/bytes.ts";
import { decodePayload } from "../../../common/wire/decode.ts";
import { encodeValue, TaggedMessage, type Value, type ValueBounds } from "../../../common/wire/value.ts";
import { fromHex } from "../../testing/hexadecimal.ts";

const CONFIRMED: ValueBounds = { depth: 16, items: 4_096, keys: 64, tagMax: 0x07 };
const ORIGINAL: ValueBounds = { ...CONFIRMED, tagMax: 0x05 };

function encoded(value: Value): Uint8Array {
  const writer = new ByteWriter();
  encodeValue(writer, value);
  return writer.copy();
}

function refused(bytes: Uint8Array | string, says: string, bounds = CONFIRMED): void {
  const payload = typeof bytes === "string" ? fromHex(bytes) : bytes;
  const error = assertThrows(() => decodePayload(payload, bounds), ProtocolError, says);
  assertEquals(error.fatal, false);
}

/** Nested containers, the innermost of them empty. */
function nested(depth: number, wrap: (inner: Value) => Value): Value {
  return depth === 0 ? 1 : wrap(nested(depth - 1, wrap));
}

const WRAPS: readonly [string, (inner: Value) => Value][] = [
  ["lists", (inner) => [inner]],
  ["dictionaries", (inner) => new Map([["k", inner]])],
  ["chat messages", (inner) => new TaggedMessage(new Map([["k", inner]]))],
];

for (const [what, wrap] of WRAPS) {
  Deno.test(`decodePayload() takes ${what} 16 deep and refuses 17`, () => {
    assertEquals(decodePayload(encoded(nested(16, wrap)), CONFIRMED), nested(16, wrap));
    refused(encoded(nested(17, wrap)), "nested deeper than the 16 levels");
  });
}

Deno.test("decodePayload() refuses nesting that would overflow the stack", () => {
  const levels = 50_000;
  const writer = new ByteWriter();
  for (let i = 0; i < levels; i++) {
    writer.uint8(0x03);
    writer.uint32(1);
  }
  refused(writer.copy(), "nested deeper");
});

Deno.test("decodePayload() takes 4096 items and refuses 4097", () => {
  const items = (count: number) => Array.from({ length: count }, (_, i) => i);
  assertEquals((decodePayload(encoded(items(4_096)), CONFIRMED) as readonly Value[]).length, 4_096);
  refused(encoded(items(4_097)), "a list of 4097 items is over the limit of 4096");
});

Deno.test("decodePayload() takes 64 keys and refuses 65", () => {
  const keys = (count: number) => new Map(Array.from({ length: count }, (_, i) => [`key${i}`, i]));
  assertEquals((decodePayload(encoded(keys(64)), CONFIRMED) as ReadonlyMap<string, Value>).size, 64);
  refused(encoded(keys(65)), "a dictionary of 65 keys is over the limit of 64");
});

Deno.test("decodePayload() counts items and keys per container", () => {
  const row = Array.from({ length: 1_500 }, () => null);
  assertEquals(decodePayload(encoded([row, row, row]), CONFIRMED), [row, row, row]);
});

Deno.test("decodePayload() refuses counts that the bytes left cannot hold", () => {
  assertEquals(decodePayload(fromHex("03 00000002 06 06"), CONFIRMED), [null, null]);
  refused("03 00000003 06 06", "a list announces 3 items and 2 bytes follow");
  assertEquals(decodePayload(fromHex("04 00000001 02 00000000 06"), CONFIRMED), new Map([["", null]]));
  refused("04 00000002 02 00000000 06 02 00000000", "a dictionary announces 2 keys and 11 bytes follow");
  refused("03 ffffffff", "over the limit of 4096");
  const unlimited = { ...CONFIRMED, items: Infinity, keys: Infinity };
  refused("03 ffffffff", "a list announces 4294967295 items and 0 bytes follow", unlimited);
  refused("04 ffffffff", "a dictionary announces 4294967295 keys and 0 bytes follow", unlimited);
});

Deno.test("decodePayload() refuses a dictionary whose key is there twice or is no string", () => {
  refused(`04 00000002 ${"02 00000001 61 06".repeat(2)}`, 'the key "a" is there twice');
  refused("04 00000001 00 0000000000000001", "the key of a dictionary is not a string");
});

Deno.test("decodePayload() refuses bytes that are left over", () => {
  refused("06 06", "1 bytes are left over");
  refused("00 0000000000000001 00", "1 bytes are left over");
});

Deno.test("decodePayload() refuses every beginning of a value", () => {
  const whole = encoded([1, "text", new Map<string, Value>([["k", true], ["m", null]])]);
  for (let length = 1; length < whole.length; length++) {
    refused(whole.subarray(0, length), "malformed payload");
  }
  assertEquals(decodePayload(whole.subarray(0, 0), CONFIRMED), null);
  console.log(`${whole.length - 1} cut payloads refused`);
});

Deno.test("decodePayload() refuses malformed UTF-8, short or long, in values and keys", () => {
  const malformed = ["ff", "c3", "c0af", "eda080", "f4908080", "e282", "80"];
  for (const bad of malformed) {
    for (const padding of ["", "61".repeat(60)]) {
      const length = ((bad.length + padding.length) / 2).toString(16).padStart(8, "0");
      refused(`02 ${length} ${padding}${bad}`, "a string is not valid UTF-8");
      refused(`04 00000001 02 ${length} ${padding}${bad} 06`, "a string is not valid UTF-8");
    }
  }
});

Deno.test("decodePayload() knows null and boolean in the confirmed dialect only", () => {
  assertEquals(decodePayload(fromHex("06"), CONFIRMED), null);
  assertEquals(decodePayload(fromHex("0701"), CONFIRMED), true);
  assertEquals(decodePayload(fromHex("0700"), CONFIRMED), false);
  refused("06", "the tag 0x06 is unknown", ORIGINAL);
  refused("0701", "the tag 0x07 is unknown", ORIGINAL);
  refused("03 00000001 06", "the tag 0x06 is unknown", ORIGINAL);
});

Deno.test("decodePayload() refuses other booleans, unknown tags and a chat message without a dictionary", () => {
  refused("0702", "a boolean is 0 or 1, not 2");
  refused("08", "the tag 0x08 is unknown");
  refused("ff", "the tag 0xff is unknown");
  refused("05 03 00000000", "a chat message is not followed by a dictionary");
});

Deno.test("decodePayload() refuses a string that is longer than the payload before it allocates", () => {
  refused("02 ffffffff 61", "4294967295 bytes are announced and 1 are left");
});
