import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Strangers } from "../../../server/net/strangers.ts";

/** A naive model: the guests in the order of their arrival, with their groups. */
type Model = Map<number, string>;

function sizeOf(model: Model, group: string | undefined): number {
  return [...model.values()].filter((other) => other === group).length;
}

Deno.test("Strangers knows order, groups and the largest of them, whoever comes and goes", () => {
  const step = fc.record({
    guest: fc.nat(12),
    group: fc.constantFrom("a", "b", "c", "d"),
    leaves: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const strangers = new Strangers<number>();
    const model: Model = new Map();
    for (const { guest, group, leaves } of steps) {
      if (leaves) {
        strangers.delete(guest);
        model.delete(guest);
      } else {
        strangers.add(guest, group);
        if (!model.has(guest)) model.set(guest, group);
      }
      const guests = [...model.keys()];
      const largest = Math.max(0, ...guests.map((one) => sizeOf(model, model.get(one))));
      assertEquals([[...strangers], strangers.size], [guests, guests.length]);
      assertEquals(
        [...strangers.ofLargest()],
        guests.filter((one) => sizeOf(model, model.get(one)) === largest),
      );
      for (const [name, members] of strangers.groups) {
        assertEquals([...members], guests.filter((one) => model.get(one) === name));
      }
      assertEquals(strangers.groups.size, new Set(model.values()).size);
    }
  }));
});
