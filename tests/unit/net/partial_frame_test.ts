import { assertEquals, assertStringIncludes } from "@std/assert";
import { PartialFrameWatch } from "../../../server/net/partial_frame.ts";

Deno.test("observe() names the limit once one frame has been unfinished for that long", () => {
  const watch = new PartialFrameWatch(3_000);
  assertEquals([watch.observe(4, 1_000), watch.observe(4, 3_999)], [undefined, undefined]);
  const error = watch.observe(4, 4_000);
  assertEquals(error?.fatal, true);
  assertStringIncludes(error?.message ?? "", "not finished within 3000 ms");
});

Deno.test("observe() counts anew for every frame, and after a moment without one", () => {
  const watch = new PartialFrameWatch(3_000);
  for (let frame = 0; frame < 5; frame++) assertEquals(watch.observe(frame, frame * 2_000), undefined);
  assertEquals(watch.observe(undefined, 9_000), undefined);
  assertEquals([watch.observe(4, 12_000), watch.observe(4, 14_999)], [undefined, undefined]);
  assertEquals(watch.observe(4, 15_000)?.fatal, true);
});
