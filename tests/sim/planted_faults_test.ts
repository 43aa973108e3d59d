/**
 * The proof of the proof: the simulation must find every fault that is planted into the servers. A seed finds a
 * fault only if it passes without it.
 *
 * @module
 */

import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { Crew, type Job } from "./crew.ts";
import { FIRST_SEEDS } from "./planted/first_seeds.ts";
import { PLANTED_FAULTS } from "./planted_faults.ts";
import type { Failure } from "./tally.ts";
import { workerTest } from "./worker_test_case.ts";

const WORKERS = 2;

/** Seeds within which a fault must be found. */
const SEEDS_MAX = 5_000;

/** Fewest planted faults. */
const FAULTS_MIN = 124;

Deno.test("FIRST_SEEDS has seeds of planted faults, within those that are searched", () => {
  const names = PLANTED_FAULTS.map(({ name }) => name);
  assertEquals(Object.keys(FIRST_SEEDS).filter((name) => !names.includes(name)), []);
  assertEquals(Object.values(FIRST_SEEDS).filter((seed) => seed < 1 || seed > SEEDS_MAX), []);
});

workerTest("simulate() finds every planted fault", async () => {
  using crew = new Crew(WORKERS);
  const found = new Map<number, Failure>();
  // One worker searches for a fault, so that no seed is tried after the one that finds it.
  const whole = (planted: number): Job => ({ from: 1, count: SEEDS_MAX, planted });
  const jobs = PLANTED_FAULTS.map(({ name }, planted): Job => {
    const first = FIRST_SEEDS[name];
    return first === undefined ? whole(planted) : { from: first, count: 1, planted };
  });
  const spoiled: Failure[] = [];
  await crew.work(() => jobs.shift(), ({ failures }, { planted = -1, count }) => {
    spoiled.push(...failures.filter(({ withoutFault }) => withoutFault !== undefined));
    const failure = failures.find(({ withoutFault }) => withoutFault === undefined);
    if (failure) found.set(planted, failure);
    else if (count < SEEDS_MAX) jobs.push(whole(planted));
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
