import { assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { type EncodedEntry, encodeEntry, EntryEncoder } from "../../../server/core/encoded_entry.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { anyEntrySet } from "../../testing/entry_sets.ts";

/** Contents below, around and above the length bound, of one to four bytes a character. */
const content = fc.tuple(
  fc.constantFrom("a", "ż", "€", "🐢", "\n", "\ud800"),
  fc.oneof(fc.nat(300), fc.integer({ min: 600, max: 4_100 }), fc.constant(16_384)),
).map(([character, count]) => character.repeat(count));

function messageOf(content: string): Entry {
  return { origin: "a#1", seq: 1, stamp: 2, type: "messageSent", id: "m", from: "a.1", to: "b.1", content };
}

Deno.test("EntryEncoder encodes as JSON.stringify does, and later entries change nothing", () => {
  const encoder = new EntryEncoder();
  const all: EncodedEntry[] = [];
  const entries = fc.oneof(content.map((text) => [messageOf(text)]), anyEntrySet.map((set) => set.flat()));
  fc.assert(fc.property(entries, (some) => void all.push(...some.map((entry) => encoder.encode(entry)))), {
    numRuns: 1_000,
  });
  for (const { entry, json } of all) {
    assertEquals(new TextDecoder().decode(json), JSON.stringify(entry));
    assertEquals(json, encodeEntry(entry).json);
  }
  console.log(`${all.length} entries`);
});

Deno.test("EntryEncoder lets short entries share memory, and long ones keep no more than they need", () => {
  const encoder = new EntryEncoder();
  const count = 1_000;
  const short = Array.from({ length: count }, () => encoder.encode(messageOf("x".repeat(100))));
  const chunks = new Set(short.map(({ json }) => json.buffer));
  assertLessOrEqual([...chunks].reduce((sum, { byteLength }) => sum + byteLength, 0), count * 300);
  for (const text of ["x".repeat(16_000), "€".repeat(16_000)]) {
    const { json } = encoder.encode(messageOf(text));
    assertEquals(json.buffer.byteLength, json.length);
  }
});
