import { assertEquals } from "@std/assert";
import { shortId, ShortIds } from "../../../client/core/short_ids.ts";

Deno.test("shortId() is short, and never the same twice", () => {
  const count = 20_000;
  const ids = Array.from({ length: count }, (_, index) => shortId(index));
  assertEquals(new Set(ids).size, count);
  assertEquals([ids[0], ids[8], ids[9], ids[206], ids[207]], ["a1", "a9", "b1", "z9", "aa1"]);
  assertEquals(ids.at(-1)?.length, 4);
  console.log(`checked ${count} short ids`);
});

Deno.test("ShortIds finds what was given, with or without #, in either case", () => {
  const ids = new ShortIds();
  assertEquals([ids.give("one"), ids.give("two")], ["a1", "a2"]);
  assertEquals([ids.find("#A2"), ids.find("a1"), ids.find("a3")], ["two", "one", undefined]);
  assertEquals(ids.newestFirst(), ["a2", "a1"]);
  ids.forget("a2");
  assertEquals([ids.find("#a2"), ids.give("three")], [undefined, "a3"]);
});
