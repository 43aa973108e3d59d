import { assertEquals } from "@std/assert";
import { median, percentiles, spellsP99, spreadOf } from "../../../bench/statistics.ts";

Deno.test("percentiles() are the nearest ranks, whatever the order", () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  assertEquals(percentiles(hundred, [0.5, 0.99, 1, 0]), [50, 99, 100, 1]);
  assertEquals(percentiles([7], [0.99]), [7]);
});

Deno.test("percentiles() answers in the order of the shares and leaves the values as they are", () => {
  const values = [3, 1, 2];
  assertEquals(percentiles(values, [1, 0.5, 0.1]), [3, 2, 1]);
  assertEquals(values, [3, 1, 2]);
});

Deno.test("percentiles() of nothing are NaN", () => {
  assertEquals(percentiles([], [0.5]), [NaN]);
});

Deno.test("median() is the middle, or the mean of the two in the middle", () => {
  assertEquals(median([5, 1, 3]), 3);
  assertEquals(median([4, 1, 3, 2]), 2.5);
  assertEquals(median([10, 9]), 9.5);
  assertEquals(median([]), NaN);
});

Deno.test("spreadOf() tells the middle and both ends", () => {
  assertEquals(spreadOf([0.5, 0.2, 0.9]), { median: 0.5, min: 0.2, max: 0.9 });
});

Deno.test("spellsP99() is not moved by a few spells that stall", () => {
  const spell = Array.from({ length: 100 }, (_, i) => i + 1);
  assertEquals(spellsP99([spell, spell, spell.map((ms) => 50 * ms)]), 99);
  assertEquals(spellsP99([]), NaN);
});
