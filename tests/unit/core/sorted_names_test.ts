import { assertEquals, assertGreater } from "@std/assert";
import fastCheck from "fast-check";
import { SortedNames } from "../../../server/core/accounts/sorted_names.ts";

const NAME = fastCheck.string({ unit: fastCheck.constantFrom("a", "b", "c", ".", "~"), maxLength: 3 });

const OPERATION = fastCheck.record({ adds: fastCheck.boolean(), name: NAME });

function listed(names: SortedNames, first = ""): string[] {
  return [...names.from(first)].flat();
}

Deno.test("SortedNames is a sorted array, whatever is added and removed", () => {
  let removals = 0;
  fastCheck.assert(
    fastCheck.property(
      fastCheck.array(OPERATION, { maxLength: 200, size: "max" }),
      NAME,
      (operations, first) => {
        const names = new SortedNames();
        const expected = new Set<string>();
        for (const { adds, name } of operations) {
          if (adds) names.add(name);
          else names.remove(name);
          if (!adds && expected.has(name)) removals++;
          if (adds) expected.add(name);
          else expected.delete(name);
        }
        const sorted = [...expected].sort();
        assertEquals(names.size, sorted.length);
        assertEquals(listed(names), sorted);
        assertEquals(listed(names, first), sorted.filter((name) => name >= first));
      },
    ),
    { numRuns: 500 },
  );
  assertGreater(removals, 500);
});

Deno.test("SortedNames splits and joins its parts: thousands of names, added in any order, then removed", () => {
  const names = new SortedNames();
  const shuffled = Array.from(
    { length: 5_000 },
    (_, i) => `user${String(i * 3_001 % 5_000).padStart(4, "0")}`,
  );
  const left = new Set<string>();
  for (const name of shuffled) {
    names.add(name);
    left.add(name);
  }
  assertEquals(listed(names), shuffled.toSorted());
  assertGreater([...names.from("")].length, 8, "parts");
  for (const [i, name] of shuffled.entries()) {
    names.remove(name);
    left.delete(name);
    if (i % 500 === 0) assertEquals(listed(names), [...left].sort());
  }
  assertEquals(listed(names), []);
  names.add("again");
  assertEquals(listed(names), ["again"]);
});

Deno.test("SortedNames.from() gives each name that stays exactly once, in order, while others come and go", () => {
  const changes = fastCheck.array(
    fastCheck.record({ adds: fastCheck.boolean(), number: fastCheck.nat(9_999) }),
    { minLength: 1, maxLength: 400 },
  );
  fastCheck.assert(
    fastCheck.property(fastCheck.array(changes, { minLength: 1, maxLength: 12 }), (steps) => {
      const names = new SortedNames();
      const name = (number: number): string => String(number).padStart(4, "0");
      // Those with an even number stay.
      for (let i = 0; i < 10_000; i += 2) names.add(name(i));
      for (let i = 1; i < 10_000; i += 6) names.add(name(i));
      const seen: string[] = [];
      let step = 0;
      for (const batch of names.from("")) {
        seen.push(...batch);
        for (const { adds, number } of steps[step++ % steps.length] ?? []) {
          if (number % 2 === 0) continue;
          if (adds) names.add(name(number));
          else names.remove(name(number));
        }
      }
      assertEquals(seen, seen.toSorted());
      assertEquals(new Set(seen).size, seen.length);
      assertEquals(seen.filter((each) => Number(each) % 2 === 0).length, 5_000);
    }),
    { numRuns: 60 },
  );
});
