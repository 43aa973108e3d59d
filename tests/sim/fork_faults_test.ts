/**
 * Every comparison of two branches is needed: without it, a fork goes unseen in a case made for it, or in a schedule.
 *
 * @module
 */

import { assertEquals, assertNotEquals } from "@std/assert";
import { FORK_FAULTS } from "./planted/fork_faults.ts";
import { TWIN_FAULTS } from "./planted/twin_faults.ts";

for (const { name, run } of [...FORK_FAULTS, ...TWIN_FAULTS]) {
  Deno.test(`FORK_FAULTS: ${name}: found`, () => {
    assertEquals(run(false), undefined, "without the fault");
    assertNotEquals(run(true), undefined, "with the fault");
  });
}
