import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Reached, Version } from "../../../server/core/version.ts";
import { Filling } from "../../../server/replication/filling.ts";

const EMPTY: Version = new Map();

function has(entries: Readonly<Record<string, number>>): Version {
  return new Map(
    Object.entries(entries).map(([origin, seq]): [string, Reached] => [origin, { seq, stamp: seq }]),
  );
}

Deno.test("Filling is over at once where the disk is not empty", () => {
  const filling = new Filling(false, 0);
  assertEquals([filling.isOver, filling.look(EMPTY, 2, 0)], [true, true]);
});

Deno.test("Filling is over after 2 s if nobody says anything", () => {
  const filling = new Filling(true, 1_000);
  assertEquals(filling.look(EMPTY, 2, 2_999), false);
  assertStringIncludes(filling.progress(EMPTY), "looks for another");
  assertEquals([filling.look(EMPTY, 2, 3_000), filling.isOver], [true, true]);
});

Deno.test("Filling is over at once if nobody can be reached, but not before all were tried", () => {
  const filling = new Filling(true, 0);
  filling.lost("n2", 10);
  filling.lost("n2", 20);
  assertEquals(filling.look(EMPTY, 2, 20), false);
  filling.lost("n3", 30);
  assertEquals(filling.look(EMPTY, 2, 30), true);
});

Deno.test("Filling is over when nothing has come for 10 s: nobody may be able to reach this node", () => {
  const filling = new Filling(true, 0);
  filling.answered("n2", has({ a: 10 }), 0);
  assertEquals(filling.look(EMPTY, 1, 1_000), false);
  assertEquals(filling.look(EMPTY, 1, 10_999), false);
  assertEquals(filling.look(has({ a: 1 }), 1, 11_000), false);
  assertEquals(filling.look(has({ a: 1 }), 1, 20_999), false);
  assertEquals(filling.look(has({ a: 1 }), 1, 21_000), true);
});

Deno.test("Filling goes on as long as something that anybody had at first is missing, however long", () => {
  const filling = new Filling(true, 0);
  filling.answered("n2", has({ a: 10, b: 5 }), 0);
  filling.answered("n3", has({ a: 12 }), 0);
  assertEquals(filling.look(has({ a: 12, b: 4 }), 2, 60_000), false);
  assertStringIncludes(filling.progress(has({ a: 2, b: 1 })), "it has 3 entries, and 12 are missing");
  assertEquals(filling.look(has({ a: 12, b: 5 }), 2, 60_000), true);
  assertEquals(filling.look(EMPTY, 2, 60_000), true, "what is over stays over");
});

Deno.test("Filling goes on from another peer where one is lost in the middle", () => {
  const filling = new Filling(true, 0);
  filling.answered("n2", has({ a: 10, b: 1 }), 0);
  filling.answered("n3", has({ a: 9 }), 0);
  filling.lost("n2", 5_000);
  assertEquals(filling.look(has({ a: 5 }), 2, 9_000), false);
  assertEquals(filling.look(has({ a: 9 }), 2, 9_000), true);
});

Deno.test("Filling waits 2 s for the only one that had begun to fill this node and is lost in the middle", () => {
  const filling = new Filling(true, 0);
  filling.lost("n3", 10);
  filling.answered("n2", has({ a: 10 }), 0);
  filling.lost("n2", 5_000);
  filling.lost("n2", 5_100);
  assertEquals(filling.look(has({ a: 5 }), 2, 6_900), false);
  filling.answered("n2", has({ a: 11 }), 0);
  assertEquals(filling.look(has({ a: 5 }), 2, 20_000), false);
  filling.lost("n2", 20_000);
  assertEquals(filling.look(has({ a: 5 }), 2, 21_999), false);
  assertEquals(filling.look(has({ a: 5 }), 2, 22_000), true);
});

Deno.test("Filling does not wait for what a peer had before it lost its disk", () => {
  const filling = new Filling(true, 0);
  filling.answered("n2", has({ a: 10 }), 0);
  filling.answered("n2", has({ a: 3 }), 100);
  assertEquals(filling.look(has({ a: 3 }), 1, 200), true);
  const alone = new Filling(true, 0);
  alone.answered("n2", has({ a: 10 }), 0);
  alone.answered("n2", EMPTY, 500);
  assertEquals(alone.look(EMPTY, 1, 2_499), false);
  assertEquals(alone.look(EMPTY, 1, 2_500), true);
});

Deno.test("Filling of two empty nodes by each other is over at once", () => {
  const filling = new Filling(true, 0);
  filling.answered("n2", EMPTY, 0);
  assertEquals(filling.look(EMPTY, 1, 0), true);
});

Deno.test("Filling is not over with an empty peer as long as another may have something", () => {
  const filling = new Filling(true, 0);
  filling.answered("n2", EMPTY, 0);
  assertEquals(filling.look(EMPTY, 2, 100), false);
  filling.answered("n3", has({ a: 1 }), 0);
  assertEquals(filling.look(EMPTY, 2, 5_000), false);
  assertEquals(filling.look(has({ a: 1 }), 2, 5_000), true);
});

Deno.test("Filling does not end at a node that has no room for the rest, however long that lasts", () => {
  const filling = new Filling(true, 0);
  filling.answered("b", has({ a: 9 }), 0);
  assertEquals(filling.look(has({ a: 5 }), 1, 1_000, true), false);
  filling.lost("b", 2_000);
  assertEquals(filling.look(has({ a: 5 }), 1, 900_000, true), false);
  filling.answered("b", has({ a: 9 }), 900_000);
  assertEquals(filling.look(has({ a: 9 }), 1, 900_000), true);
});

Deno.test("Filling ends at a node that has no room, where there is nothing to be had", () => {
  const filling = new Filling(true, 0);
  filling.lost("b", 0);
  assertEquals(filling.look(EMPTY, 1, 10, true), true);
});
