import { assertEquals } from "@std/assert";
import { Samples } from "../../../bench/samples.ts";

Deno.test("Samples keeps every value when it grows", () => {
  const samples = new Samples();
  const count = 100_000;
  for (let i = 1; i <= count; i++) samples.add(i);
  assertEquals(samples.count, count);
  assertEquals(samples.percentiles(0, 0.5, 1), [1, count / 2, count]);
});
