import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { RangeTree } from "../../../../server/core/watching/range_tree.ts";

interface Range {
  readonly low: string;
  high: string;
}

const letter = fc.constantFrom(..."abcdefgh");
const step = fc.oneof(
  fc.record({ do: fc.constant("add" as const), low: letter, high: letter }),
  fc.record({ do: fc.constant("remove" as const), at: fc.nat(20) }),
  fc.record({ do: fc.constant("move" as const), at: fc.nat(20), high: letter }),
);

Deno.test("RangeTree.around() finds exactly the ranges around a name, whatever comes, goes and moves", () => {
  let [compared, found] = [0, 0];
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const tree = new RangeTree<Range>();
      const ranges: Range[] = [];
      for (const each of steps) {
        if (each.do === "add") {
          const range = { low: each.low, high: each.high };
          ranges.push(range);
          tree.add(range);
        } else if (ranges.length > 0) {
          const at = each.at % ranges.length;
          const range = ranges[at];
          assert(range !== undefined);
          if (each.do === "remove") {
            ranges.splice(at, 1);
            tree.remove(range);
            tree.remove(range);
          } else {
            range.high = each.high;
            tree.moved(range);
          }
        }
      }
      assertEquals(tree.size, ranges.length);
      for (const name of "abcdefgh") {
        const around = tree.around(name);
        const wanted = ranges.filter(({ low, high }) => low <= name && name <= high);
        assertEquals(new Set(around), new Set(wanted));
        assertEquals(around.length, wanted.length);
        compared++;
        found += around.length;
      }
    }),
    { numRuns: 500 },
  );
  console.log(`${compared} names looked up, ${found} ranges found`);
});

Deno.test("RangeTree.around() looks at few of the ranges that are elsewhere", () => {
  const tree = new RangeTree<Range>();
  let looks = 0;
  const COUNT = 10_000;
  for (let i = 0; i < COUNT; i++) {
    const low = String(i).padStart(6, "0");
    tree.add({
      get low() {
        looks++;
        return low;
      },
      high: low,
    });
  }
  looks = 0;
  for (let i = 0; i < 1_000; i++) assertEquals(tree.around(String(i * 10).padStart(6, "0")).length, 1);
  // A treap of 10,000 is about 30 deep.
  assert(looks < 100 * 1_000, `${looks} looks for 1,000 names among ${COUNT} ranges`);
  console.log(`${looks / 1_000} looks for each name among ${COUNT} ranges`);
});
