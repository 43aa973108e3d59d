/**
 * Forks: a data folder is copied, and both copies are used.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { scale } from "../testing/scale.ts";
import { simulateClone } from "./clones.ts";

const SCHEDULES = scale(200, 2_000);

Deno.test("simulateClone() finds that a fork is detected and named", () => {
  let visible = 0;
  let spread = 0;
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    const { isVisible, hasSpread, problem } = simulateClone(seed);
    assertEquals(problem, undefined, `seed ${seed}`);
    if (isVisible) visible++;
    if (hasSpread) spread++;
  }
  assertGreater(visible, SCHEDULES / 2);
  console.log(
    `${SCHEDULES} schedules with a copied data folder: others had what the copy had not in ${visible}, ` +
      `${spread} spread before anybody could tell, all detected and named`,
  );
});
