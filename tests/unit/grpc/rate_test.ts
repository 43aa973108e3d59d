import { assertEquals } from "@std/assert";
import { Rate } from "../../../server/grpc/rate.ts";

/** Number of permits that are given at once. */
function taken(rate: Rate, nowMs: number): number {
  let count = 0;
  while (rate.take(nowMs)) count++;
  return count;
}

Deno.test("Rate gives a burst at once, then so many a second, and never saves up more than the burst", () => {
  const rate = new Rate(50, 16, 0);
  assertEquals(taken(rate, 0), 16);
  assertEquals(taken(rate, 19), 0);
  assertEquals(taken(rate, 20), 1);
  let count = 0;
  for (let nowMs = 21; nowMs <= 10_020; nowMs++) count += taken(rate, nowMs);
  assertEquals(count, 500);
  assertEquals(taken(rate, 1_000_000), 16);
});
