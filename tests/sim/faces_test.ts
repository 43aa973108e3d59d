/**
 * The core of the client under the simulation's network.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { scale } from "../testing/scale.ts";
import { simulateFaces } from "./faces.ts";

const SCHEDULES = scale(36, 1_000);

/** Seeds within which a planted fault must be found. */
const SEEDS_MAX = 20;

Deno.test("simulateFaces() finds each model to be what the nodes have, and every message once", () => {
  const totals: Record<string, number> = {};
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    const { problem, counts } = simulateFaces(seed);
    assertEquals(problem, undefined, `seed ${seed}`);
    for (const [what, count] of Object.entries(counts)) totals[what] = (totals[what] ?? 0) + count;
  }
  console.log(`${SCHEDULES} schedules: ${JSON.stringify(totals)}`);
  for (const [what, count] of Object.entries(totals)) assertGreater(count, 0, what);
});

Deno.test("simulateFaces() finds every planted fault", () => {
  for (const fault of ["forgets", "renumbers", "saves late"] as const) {
    let found: string | undefined;
    for (let seed = 1; seed <= SEEDS_MAX && found === undefined; seed++) {
      const [problem] = simulateFaces(seed, fault).problem?.split("\n") ?? [];
      found = problem && `seed ${seed}: ${problem}`;
    }
    console.log(`  ${fault}: ${found ?? "NOT FOUND"}`);
    assertEquals(typeof found, "string", fault);
  }
});
