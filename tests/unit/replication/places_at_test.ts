import { assertEquals } from "@std/assert";
import type { ChainedPlace } from "../../../server/core/version.ts";
import { placesAt } from "../../../server/replication/places_at.ts";
import { chainedPlace } from "../../testing/chained_place.ts";
import { HistoryHarness } from "../log/history_harness.ts";
import { messageEntry } from "../log/log_harness.ts";

const ORIGIN = "other#000000000000";

function placeOf(seq: number): ChainedPlace {
  return chainedPlace(ORIGIN, seq, (each) => messageEntry(each).stamp);
}

/** A log of entries of two origins in turns, after a restart. Of 20,000 each, not all are in memory. */
function logOf(entries: number): HistoryHarness {
  const node = new HistoryHarness();
  for (let seq = 1; seq <= entries; seq += 500) {
    const batch = Array.from({ length: 500 }, (_, i) => [
      messageEntry(seq + i, "hey", ORIGIN),
      messageEntry(seq + i, "hey", "third#000000000000"),
    ]).flat();
    node.commit(batch);
  }
  node.restart();
  return node;
}

function read(node: HistoryHarness, seqs: readonly number[]): readonly ChainedPlace[] | Error | undefined {
  let outcome: readonly ChainedPlace[] | Error | undefined;
  placesAt(node.open.history, ORIGIN, seqs, (places) => outcome = places);
  node.settle();
  return outcome;
}

Deno.test("placesAt() finds recent places in memory and old ones in the files, in order", () => {
  const node = logOf(20_000);
  const near = read(node, [19_990, 20_000]);
  assertEquals(near, [19_990, 20_000].map((seq) => placeOf(seq)));
  const far = read(node, [1, 700, 20_000]);
  assertEquals(far, [
    placeOf(1),
    placeOf(700),
    placeOf(20_000),
  ]);
});

Deno.test("placesAt() leaves out what is not there", () => {
  const node = logOf(500);
  assertEquals(read(node, [0, 501]), []);
  let places: unknown;
  placesAt(node.open.history, "nobody#000000000000", [1], (found) => places = found);
  assertEquals(places, []);
});

Deno.test("placesAt() hands over the error of a log that cannot be read", () => {
  const node = logOf(20_000);
  node.files.fail("read", 1);
  assertEquals(read(node, [1]) instanceof Error, true);
});
