import { assertEquals } from "@std/assert";
import type { Version } from "../../../server/core/version.ts";
import { Settlement } from "../../../server/replication/settlement.ts";

/** A version: `a1 b2` has one entry of origin a, two of b. */
function versionOf(text: string): Version {
  const places = text.split(" ").filter((word) => word !== "").map((word): [string, number] => [
    word.slice(0, 1),
    Number(word.slice(1)),
  ]);
  return new Map(places.map(([origin, seq]) => [origin, { seq, stamp: seq }]));
}

function textOf(version: Version): string {
  return [...version].map(([origin, { seq }]) => origin + seq).join(" ");
}

class Harness {
  readonly settlement = new Settlement();
  #nowMs = 0;

  /** Looks a second later; peers that are not connected are written as `-`. Returns what is settled. */
  look(durable: string, ...peers: string[]): string {
    this.#nowMs += 1_000;
    const known = peers.map((text, i): [string, { known: Version | undefined }] => [
      `node${i + 2}`,
      { known: text === "-" ? undefined : versionOf(text) },
    ]);
    this.settlement.look(this.#nowMs, versionOf(durable), new Map(known));
    return textOf(this.settlement.settled);
  }
}

Deno.test("Settlement settles what is on the disk of a node without peers, once a second", () => {
  const harness = new Harness();
  assertEquals(textOf(harness.settlement.settled), "");
  assertEquals(harness.look("a1"), "a1");
  assertEquals(harness.look("a2"), "a2");
  harness.settlement.look(2_999, versionOf("a3"), new Map());
  assertEquals(textOf(harness.settlement.settled), "a2");
});

Deno.test("Settlement waits until every peer has the version, connected at the same time or not", () => {
  const harness = new Harness();
  assertEquals(harness.look("a5", "a4", "-"), "");
  assertEquals(harness.look("a9", "a5", "-"), "");
  assertEquals(harness.look("a9", "-", "a4"), "");
  assertEquals(harness.look("a9", "-", "a6"), "a5");
});

Deno.test("Settlement waits until everything is here that a peer had when it had the version", () => {
  const harness = new Harness();
  assertEquals(harness.look("a1", "a1 b7"), "");
  assertEquals(harness.look("a1 b6", "a1 b9"), "");
  assertEquals(harness.look("a2 b7", "a2 b9"), "a1", "b8 and b9 were made when the peer had a1");
  assertEquals(harness.look("a2 b8", "a2 b9"), "a1");
  assertEquals(harness.look("a2 b9", "a2 b9"), "a2 b8");
});

Deno.test("Settlement waits for what only the peer of a peer had", () => {
  const harness = new Harness();
  assertEquals(harness.look("a1", "a1", "-"), "");
  assertEquals(harness.look("a1", "a1", "a1 b1 c4"), "");
  assertEquals(harness.look("a1 b1", "a1 b1", "a1 b1 c4"), "");
  assertEquals(harness.look("a1 b1 c4", "a1 b1", "-"), "a1");
});

Deno.test("Settlement begins another round when a peer has lost its disk, or the peers are others", () => {
  const harness = new Harness();
  assertEquals(harness.look("a1", "a1 b7", "-"), "");
  assertEquals(harness.look("a2", "a2", "-"), "", "b7 is gone for good");
  assertEquals(harness.look("a2", "a2", "a2"), "a2");
  assertEquals(harness.look("a3", "a3", "-"), "a2");
  harness.settlement.beginAnew();
  assertEquals(harness.look("a4", "-", "a9"), "a2");
  assertEquals(harness.look("a4", "a3", "a9"), "a2", "the peer has a3, which the round before was about");
  assertEquals(harness.look("a9", "a4", "a9"), "a4");
});
