import { assertEquals } from "@std/assert";
import { readHolder } from "../../../server/log/lock.ts";

/** A lock file with a text in it. */
function containing(text: string): Parameters<typeof readHolder>[0] {
  return { readSync: (into) => new TextEncoder().encodeInto(text, into).written };
}

Deno.test("readHolder() names the holder", () => {
  const file = containing('{"node":"node1","pid":4711,"startedMs":1}\n');
  assertEquals(readHolder(file), "node node1 (process 4711)");
});

Deno.test("readHolder() knows nobody where nothing is written yet, and where what is locked cannot be read", () => {
  const readSync = (): number => {
    throw new Error("The process cannot access the file because another process has locked a portion of it");
  };
  assertEquals([readHolder(containing("")), readHolder({ readSync })], [
    "another process",
    "another process",
  ]);
});
