/**
 * Forks of a data folder whose copies run at the same time.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { scale } from "../testing/scale.ts";
import { TWINS_KINDS, type TwinsKind } from "./twin_kinds.ts";
import { simulateTwins } from "./twins.ts";

Deno.test("simulateTwins() finds that every fork is found, and loses nothing by the repair", () => {
  runAll("apart", scale(500, 3_000));
});

for (const kind of TWINS_KINDS.filter((kind) => kind !== "apart")) {
  Deno.test(`simulateTwins() finds and repairs every fork, ${kind}`, () => runAll(kind, scale(50, 500)));
}

function runAll(kind: TwinsKind, schedules: number): void {
  let forked = 0;
  let acknowledged = 0;
  for (let seed = 1; seed <= schedules; seed++) {
    const result = simulateTwins(seed, kind);
    assertEquals(result.problem, undefined, `seed ${seed}`);
    if (result.isForked) forked++;
    acknowledged += result.acknowledged;
  }
  assertGreater(forked, schedules / 2);
  console.log(
    `${schedules} schedules with copies of a data folder at a time (${kind}): ${forked} forks, all found; ` +
      `${acknowledged} messages acknowledged by the copies, none lost by the repair`,
  );
}
