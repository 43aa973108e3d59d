import { assertEquals } from "@std/assert";
import { comparePlace, type PlacesHere } from "../../../server/replication/compare_places.ts";
import { chainedPlace } from "../../testing/chained_place.ts";

const OTHER_STAMPS = (seq: number): number => seq * 10 + (seq >= 3 ? 1 : 0);

/** A node with five own entries and five of another, of which it remembers those from the second on. */
const HERE: PlacesHere = {
  origin: "n1#a",
  version: new Map(["n1#a", "n2#b"].map((origin) => [origin, chainedPlace(origin, 5)])),
  history: { reachedAt: (origin, seq) => seq < 2 ? undefined : chainedPlace(origin, seq) },
};

Deno.test("comparePlace() compares chains at the end and below it", () => {
  for (const origin of ["n1#a", "n2#b"]) {
    for (const seq of [2, 3, 4, 5]) {
      assertEquals(comparePlace(HERE, chainedPlace(origin, seq)), "same");
      const other = chainedPlace(origin, seq, OTHER_STAMPS);
      assertEquals(comparePlace(HERE, other), seq < 3 ? "same" : "other", `${seq}`);
    }
    assertEquals(comparePlace(HERE, chainedPlace(origin, 1)), "unknown");
  }
});

Deno.test("comparePlace() finds another branch at an entry of the same stamp", () => {
  const early = (seq: number): number => seq === 2 ? 21 : seq * 10;
  assertEquals(comparePlace(HERE, chainedPlace("n2#b", 5, early)), "other");
});

Deno.test("comparePlace() compares stamps where a chain is unknown, at the end and below it", () => {
  for (
    const [seq, stamp, result] of [
      [5, 50, "same"],
      [5, 51, "other"],
      [4, 40, "same"],
      [4, 41, "other"],
      [1, 11, "unknown"],
    ] as const
  ) {
    assertEquals(comparePlace(HERE, { origin: "n2#b", seq, stamp }), result);
  }
});

Deno.test("comparePlace() knows that nobody else can have more of the own origin", () => {
  assertEquals(comparePlace(HERE, chainedPlace("n1#a", 6)), "other");
  assertEquals(comparePlace(HERE, chainedPlace("n2#b", 6)), "unknown");
  assertEquals(comparePlace(HERE, chainedPlace("n3#c", 1)), "unknown");
});
