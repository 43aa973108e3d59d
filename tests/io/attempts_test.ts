import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { fastestMs } from "../testing/attempts.ts";

Deno.test("fastestMs() returns the shortest duration of several", async () => {
  const pauses = [60, 30, 90];
  const ms = await fastestMs(() => new Promise((resolve) => setTimeout(resolve, pauses.shift())));
  assertEquals(pauses, []);
  assertGreaterOrEqual(ms, 29);
});
