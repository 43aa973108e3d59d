/**
 * Nodes with full or slow disks or without memory, and nodes that were removed.
 *
 * @module
 */

import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { scale } from "../testing/scale.ts";
import { type Disturbance, simulateMembership } from "./membership.ts";
import { MEMBERSHIP_FAULTS } from "./planted/membership_faults.ts";

const SCHEDULES = scale(20, 1_000);

/** Fewest planted faults. */
const FAULTS_MIN = 6;

/** Seeds within which a planted fault must be found. */
const SEEDS_MAX = 20;

for (
  const disturbance of ["full", "out of memory", "removed", "slow"] as const satisfies readonly Disturbance[]
) {
  Deno.test(`simulateMembership() finds that a node which is ${disturbance} leaves, and comes back`, () => {
    for (let seed = 1; seed <= SCHEDULES; seed++) {
      assertEquals(simulateMembership(seed, disturbance), undefined, `seed ${seed}`);
    }
  });
}

Deno.test("simulateMembership() finds every planted fault", () => {
  for (const { name, disturbance, mutation } of MEMBERSHIP_FAULTS) {
    let found: string | undefined;
    for (let seed = 1; seed <= SEEDS_MAX && found === undefined; seed++) {
      found = simulateMembership(seed, disturbance, mutation);
    }
    console.log(`  ${name}: ${found ?? "NOT FOUND"}`);
    assertEquals(typeof found, "string", name);
  }
  assertGreaterOrEqual(MEMBERSHIP_FAULTS.length, FAULTS_MIN);
});
