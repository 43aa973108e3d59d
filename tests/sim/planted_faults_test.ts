/**
 * The proof of the proof: the simulation must find every fault that is planted into the servers. A seed finds a
 * fault only if it passes without it.
 *
 * @module
 */

import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { Crew, type Job } from "./crew.ts";
import { PLANTED_FAULTS } from "./planted_faults.ts";
import type { Failure } from "./tally.ts";
import { workerTest } from "./worker_test_case.ts";

const WORKERS = 2;

/** Seeds within which a fault must be found, and seeds of one job. */
const SEEDS_MAX = 1_500;
const SEEDS_AT_ONCE = 5;

/** Fewest planted faults. */
const FAULTS_MIN = 90;

workerTest("simulate() finds every planted fault", async () => {
  using crew = new Crew(WORKERS);
  const found = new Map<number, Failure>();
  let planted = 0;
  let from = 1;
  const next = (): Job | undefined => {
    while (found.has(planted) || from > SEEDS_MAX) {
      planted++;
      from = 1;
    }
    if (planted >= PLANTED_FAULTS.length) return undefined;
    const job = { from, count: SEEDS_AT_ONCE, planted };
    from += SEEDS_AT_ONCE;
    return job;
  };
  const spoiled: Failure[] = [];
  await crew.work(next, ({ failures }, { planted = -1 }) => {
    spoiled.push(...failures.filter(({ withoutFault }) => withoutFault !== undefined));
    const failure = failures.find(({ withoutFault }) => withoutFault === undefined);
    if (failure && failure.seed < (found.get(planted)?.seed ?? Infinity)) found.set(planted, failure);
  });
  for (const [i, { name }] of PLANTED_FAULTS.entries()) {
    const failure = found.get(i);
    const how = failure ? `seed ${failure.seed}, ${failure.message.split(":")[0]}` : "NOT FOUND";
    console.log(`  ${name}: ${how}`);
  }
  const alone = spoiled.map(({ seed, withoutFault }) =>
    `seed ${seed} without a planted fault: ${withoutFault}`
  );
  assertEquals(alone, [], "a seed that fails anyway finds no planted fault");
  assertEquals(PLANTED_FAULTS.filter((_, i) => !found.has(i)).map(({ name }) => name), []);
  assertGreaterOrEqual(PLANTED_FAULTS.length, FAULTS_MIN);
  console.log(`${PLANTED_FAULTS.length} planted faults, all found`);
});
