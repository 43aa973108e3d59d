import { assertEquals, assertGreater } from "@std/assert";
import { scale } from "../testing/scale.ts";
import { inWords } from "./checks.ts";
import { Comparisons } from "./people_watching.ts";
import { simulate } from "./simulation.ts";
import { scheduleOf } from "./swarm.ts";

const SCHEDULES = scale(20, 1_000);

Deno.test("PERSON tells whoever watches at any node what the node shows, whatever goes wrong", () => {
  const all = new Comparisons();
  for (let seed = 1; seed <= SCHEDULES; seed++) {
    const comparisons = new Comparisons();
    const { violation } = simulate(scheduleOf(seed), { mutation: comparisons.mutation });
    assertEquals(violation && inWords(violation), undefined, `seed ${seed}`);
    assertEquals(comparisons.failure, undefined, `seed ${seed}`);
    all.count += comparisons.count;
    all.people += comparisons.people;
    all.pushes += comparisons.pushes;
  }
  assertGreater(all.pushes, SCHEDULES);
  console.log(
    `${SCHEDULES} schedules, ${all.count} comparisons with ${all.people} people, after ${all.pushes} pushes`,
  );
});
