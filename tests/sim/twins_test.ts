/**
 * Forks of a data folder whose two copies run at the same time.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { scale } from "../testing/scale.ts";
import { simulateTwins } from "./twins.ts";

const SCHEDULES = scale(1_000, 3_000);

Deno.test("simulateTwins() finds that every fork is found, and loses nothing by the repair", () => {
  let forked = 0;
  let acknowledged = 0;
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    const result = simulateTwins(seed);
    assertEquals(result.problem, undefined, `seed ${seed}`);
    if (result.isForked) forked++;
    acknowledged += result.acknowledged;
  }
  assertGreater(forked, SCHEDULES / 2);
  console.log(
    `${SCHEDULES} schedules with two copies of a data folder at a time: ${forked} forks, all found; ` +
      `${acknowledged} messages acknowledged by the copies, none lost by the repair`,
  );
});
