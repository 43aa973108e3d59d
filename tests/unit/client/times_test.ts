import { assertEquals } from "@std/assert";
import { dayOf, shortTime, timeOfDay } from "../../../client/terminal/display/times.ts";

const DAY_MS = 86_400_000;

Deno.test("shortTime() has the date wherever it is not today's", () => {
  const noonMs = new Date(2026, 10, 29, 12, 34).getTime();
  const at = (days: number): string => shortTime((noonMs - days * DAY_MS) / 1_000, noonMs);
  assertEquals([at(0), at(1), at(40), at(365), at(-1)], [
    "12:34",
    "2026-11-28 12:34",
    "2026-10-20 12:34",
    "2025-11-29 12:34",
    "2026-11-30 12:34",
  ]);
});

Deno.test("shortTime() knows midnight from the minutes beside it", () => {
  const midnightMs = new Date(2026, 0, 1).getTime();
  const before = (midnightMs - 1) / 1_000;
  assertEquals(shortTime(before, midnightMs), "2025-12-31 23:59");
  assertEquals(shortTime(before, midnightMs - 2), "23:59");
  assertEquals([dayOf(midnightMs / 1_000), timeOfDay(midnightMs / 1_000)], ["2026-01-01", "00:00"]);
});
