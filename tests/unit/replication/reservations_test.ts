import { assertEquals } from "@std/assert";
import type { ReserveMessage } from "../../../server/ports/peer_message.ts";
import { Reservations, type Reserver } from "../../../server/replication/reservations.ts";

/** Peers of n2, and the messages that they got. */
class Peers {
  readonly said: string[] = [];

  of(...names: readonly string[]): Reserver[] {
    return names.map((name) => ({
      name,
      send: (message) => this.said.push(`${name} ${message.type} ${message.number}`),
    }));
  }
}

/** No account has any name. */
const FREE = (): boolean => false;

/** Requests a name at n2; returns the outcomes, which are added as they come. */
function asked(own: Reservations, peers: readonly Reserver[], nowMs = 0, name = "ann"): boolean[] {
  const outcomes: boolean[] = [];
  own.reserve(name, 100, peers, nowMs, (granted) => outcomes.push(granted));
  return outcomes;
}

function reserve(stamp: number, number = 1, name = "ann"): ReserveMessage {
  return { type: "reserve", number, name, stamp };
}

Deno.test("reserve() grants at once where nobody is to be asked", () => {
  assertEquals(asked(new Reservations("n2"), []), [true]);
});

Deno.test("reserve() grants once all peers have granted, and counts each of them once", () => {
  const [own, peers] = [new Reservations("n2"), new Peers()];
  const outcomes = asked(own, peers.of("n1", "n3"));
  assertEquals(peers.said, ["n1 reserve 1", "n3 reserve 1"]);
  own.answered("n1", 1, true);
  own.answered("n1", 1, true);
  own.answered("n4", 1, true);
  own.answered("n4", 1, false);
  own.answered("n3", 7, true);
  assertEquals(outcomes, []);
  own.answered("n3", 1, true);
  assertEquals(outcomes, [true]);
  own.answered("n3", 1, false);
  assertEquals([outcomes.length, peers.said.length], [1, 2]);
});

Deno.test("reserve() is over with the first refusal, and the others are told that the name is free", () => {
  const [own, peers] = [new Reservations("n2"), new Peers()];
  const outcomes = asked(own, peers.of("n1", "n3"));
  own.answered("n1", 1, false);
  assertEquals(outcomes, [false]);
  assertEquals(peers.said.slice(2), ["n1 release 1", "n3 release 1"]);
  own.answered("n3", 1, true);
  own.tick(10_000, FREE);
  assertEquals(outcomes, [false]);
});

Deno.test("reserve() of one name twice at one node grants the first only", () => {
  const [own, peers] = [new Reservations("n2"), new Peers()];
  const first = asked(own, peers.of("n1"));
  assertEquals(asked(own, peers.of("n1")), [false]);
  own.answered("n1", 1, true);
  assertEquals([first, peers.said], [[true], ["n1 reserve 1"]]);
});

Deno.test("reserve() of two names waits for each by itself", () => {
  const [own, peers] = [new Reservations("n2"), new Peers()];
  const [ann, bob] = [asked(own, peers.of("n1"), 0, "ann"), asked(own, peers.of("n1"), 0, "bob")];
  own.answered("n1", 2, true);
  assertEquals([ann, bob], [[], [true]]);
  own.answered("n1", 1, false);
  assertEquals([ann, bob], [[false], [true]]);
});

Deno.test("a peer that does not answer is waited for 900 ms and no longer", () => {
  const [own, peers] = [new Reservations("n2"), new Peers()];
  const outcomes = asked(own, peers.of("n1", "n3"), 1_000);
  own.answered("n3", 1, true);
  assertEquals([own.tick(1_899, FREE).size, outcomes], [0, []]);
  assertEquals([[...own.tick(1_900, FREE)], outcomes], [["n1"], [true]]);
});

Deno.test("a peer that is lost is not waited for; one that was not asked changes nothing", () => {
  const [own, peers] = [new Reservations("n2"), new Peers()];
  const outcomes = asked(own, peers.of("n1", "n3"));
  own.lost("n4");
  own.lost("n1");
  own.lost("n1");
  assertEquals(outcomes, []);
  own.lost("n3");
  assertEquals(outcomes, [true]);
});

Deno.test("asked() refuses a name that an account has", () => {
  const own = new Reservations("n2");
  assertEquals(own.asked("n1", reserve(1), true, 0), false);
  assertEquals(asked(own, []), [true]);
});

Deno.test("asked() grants the earlier of two requests, of one moment the one of the first node by name", () => {
  for (
    const [node, stamp, granted] of [["n1", 99, true], ["n3", 99, true], ["n1", 101, false], [
      "n1",
      100,
      true,
    ], ["n3", 100, false]] as const
  ) {
    const [own, peers] = [new Reservations("n2"), new Peers()];
    const outcomes = asked(own, peers.of("n1", "n3"));
    assertEquals(own.asked(node, reserve(stamp), false, 0), granted, `${node} at ${stamp}`);
    assertEquals(outcomes, granted ? [false] : []);
    assertEquals(peers.said.length, granted ? 4 : 2);
  }
});

Deno.test("asked() decides between two other nodes likewise", () => {
  const own = new Reservations("n2");
  assertEquals(own.asked("n3", reserve(10), false, 0), true);
  assertEquals(own.asked("n4", reserve(11), false, 0), false);
  assertEquals(own.asked("n4", reserve(10), false, 0), false);
  assertEquals(own.asked("n1", reserve(10), false, 0), true);
  assertEquals(own.asked("n3", reserve(10), false, 0), false);
});

Deno.test("asked() grants the same node its name again", () => {
  const own = new Reservations("n2");
  assertEquals(own.asked("n3", reserve(10, 1), false, 0), true);
  assertEquals(own.asked("n3", reserve(20, 2), false, 0), true);
  own.released("n3", 1);
  assertEquals(own.asked("n4", reserve(30), false, 0), false, "the second reservation holds");
});

Deno.test("a name that another node holds is not asked for", () => {
  const [own, peers] = [new Reservations("n2"), new Peers()];
  own.asked("n3", reserve(1_000), false, 0);
  assertEquals([asked(own, peers.of("n1")), peers.said], [[false], []]);
  assertEquals(asked(own, [], 0, "bob"), [true]);
});

Deno.test("a name is free again when it is released, or after 3 s", () => {
  const own = new Reservations("n2");
  own.asked("n3", reserve(10, 5), false, 0);
  own.released("n4", 5);
  own.released("n3", 6);
  assertEquals(asked(own, []), [false]);
  own.released("n3", 5);
  assertEquals(asked(own, []), [true]);
  own.asked("n3", reserve(10, 6), false, 1_000);
  assertEquals(asked(own, [], 3_999), [false]);
  assertEquals(asked(own, [], 4_000), [true]);
  own.asked("n3", reserve(10, 7), false, 20_000);
  own.tick(23_000, FREE);
  assertEquals(own.asked("n4", reserve(99), false, 23_000), true);
});

Deno.test("a name is not held once its account is here: deleted, it is free at once", () => {
  const own = new Reservations("n2");
  own.asked("n3", reserve(10, 5), false, 0);
  own.tick(100, FREE);
  assertEquals(own.asked("n4", reserve(99), false, 100), false);
  own.tick(200, (name) => name === "ann");
  assertEquals(own.asked("n4", reserve(99), false, 200), true);
});
