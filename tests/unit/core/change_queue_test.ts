import { assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import { ChangeQueue } from "../../../server/core/messages/change_queue.ts";
import { scale } from "../../testing/scale.ts";

const RUNS = scale(3_000, 100_000);

const STEP = fc.record({
  what: fc.constantFrom("changed" as const, "remove" as const, "take" as const),
  key: fc.integer({ min: 0, max: 12 }),
  back: fc.integer({ min: 0, max: 6 }),
});

Deno.test(`ChangeQueue.take() gives each thing once, the one first that has not changed for longest, in ${RUNS} runs`, () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(STEP, { minLength: 20, maxLength: 80 }), (steps) => {
      const queue = new ChangeQueue<number>();
      let model: { key: number; position: number }[] = [];
      for (const [position, { what, key, back }] of steps.entries()) {
        if (what === "take") {
          const first = model[0];
          const expected = first !== undefined && first.position <= position - back ? first.key : undefined;
          assertEquals(queue.take(position - back), expected);
          taken += Number(expected !== undefined);
          model = model.filter((each) => each.key !== expected);
          continue;
        }
        const rest = model.filter((each) => each.key !== key);
        if (what === "remove") assertEquals(queue.remove(key), rest.length < model.length);
        else queue.changed(key, position);
        model = what === "remove" ? rest : [...rest, { key, position }];
        assertEquals(queue.has(key), what !== "remove");
      }
    }),
    { numRuns: RUNS },
  );
  console.log(`${RUNS} runs: ${taken} taken`);
  assertGreater(taken, RUNS);
});
