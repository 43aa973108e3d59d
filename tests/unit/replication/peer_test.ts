import { assertEquals, assertGreater, assertGreaterOrEqual, assertLess } from "@std/assert";
import type { PeerStream } from "../../../server/ports/peers.ts";
import type { IncomingStream } from "../../../server/replication/incoming_stream.ts";
import { Peer } from "../../../server/replication/peer.ts";
import type { RefusalMessage } from "../../../server/ports/peer_message.ts";
import { RecentEnds } from "../../../server/replication/recent_ends.ts";
import { entryOf, type Place } from "../../../server/core/entry.ts";
import { messageOf } from "../../testing/mesh_member.ts";
import { N2, StreamHarness } from "./stream_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

const OWN = "n1#aaaaaaaaaaaa";
const REFUSAL: RefusalMessage = { type: "refusal", code: "stranger", message: "who are you" };

/** Peer n2 of node n1, dialled and checked every 100 ms. */
class OnePeer extends StreamHarness {
  readonly peer = new Peer(this.options, N2);
  readonly ends: RecentEnds;

  /** @param origins origins of the entries that are on the disk at the start */
  constructor(...origins: readonly string[]) {
    super();
    for (const origin of origins) this.log(origin);
    this.ends = new RecentEnds(this.member.history.end);
  }

  /** Lets a tenth of a second pass, `count` times. */
  pass100(count = 1): void {
    for (let i = 0; i < count; i++) {
      const nowMs = this.pass(100);
      this.ends.record(nowMs, this.member.history.end);
      this.dial();
      this.peer.tick(nowMs, this.ends, this.ends.at(nowMs - 1_000));
    }
  }

  dial(): void {
    this.peer.dial(this.time.monotonicMs, {
      opened: () => {},
      advanced: () => this.peer.look(this.time.monotonicMs, this.ends),
      reserved: () => {},
      ended: () => {},
    });
  }

  /** The stream opened last. */
  get stream(): PeerStream {
    const stream = this.dials.at(-1)?.stream;
    if (stream === undefined) throw new Error("nobody was dialled");
    return stream;
  }

  /** Connects n2, which has this version. */
  connect(...version: readonly Place[]): void {
    this.dial();
    this.stream.received(this.hello(version));
  }

  acknowledge(...version: readonly Place[]): void {
    this.stream.received({ type: "ack", number: 0, version });
  }

  /** Writes an entry of this node, or absorbs one of n3. */
  log(origin = OWN): Place {
    const seq = (this.member.version.get(origin)?.seq ?? 0) + 1;
    if (origin === OWN) this.member.write();
    else this.member.absorb(encoded([entryOf(origin, seq, seq, messageOf(1))]), () => {});
    this.member.sync();
    return { origin, seq, stamp: seq };
  }
}

Deno.test("Peer is dialled once at a time, and anew after a while that doubles up to 2 s, with jitter", () => {
  const one = new OnePeer();
  const waits: number[] = [];
  for (let i = 0; i < 60; i++) {
    one.dial();
    one.dial();
    assertEquals(one.dials.length, i + 1);
    one.stream.closed("connection refused");
    const { monotonicMs } = one.time;
    for (; one.dials.length === i + 1; one.pass(1)) one.dial();
    waits.push(one.time.monotonicMs - 1 - monotonicMs);
    one.time.monotonicMs--;
  }
  for (const [i, waitMs] of waits.entries()) {
    const fullMs = Math.min(100 * 2 ** i, 2_000);
    assertGreaterOrEqual(waitMs, fullMs / 2, `attempt ${i}`);
    assertLess(waitMs, fullMs + 1, `attempt ${i}`);
  }
  assertGreater(new Set(waits.slice(10)).size, 20, "not all at the same moment");
});

Deno.test("Peer that was reached is dialled soon again, one that refuses only after a second at least", () => {
  for (const isRefused of [false, true]) {
    const one = new OnePeer();
    for (let i = 0; i < 8; i++) {
      one.dial();
      one.stream.closed("connection refused");
      one.pass(2_000);
    }
    one.connect();
    if (isRefused) one.stream.received(REFUSAL);
    else one.stream.closed("connection reset");
    const { length } = one.dials;
    one.pass(isRefused ? 999 : 100);
    one.dial();
    assertEquals(one.dials.length, isRefused ? length : length + 1);
  }
});

Deno.test("Peer that shows that it lives is dialled at once", () => {
  const one = new OnePeer();
  for (let i = 0; i < 8; i++) {
    one.dial();
    one.stream.closed("connection refused");
    one.pass(2_000);
  }
  one.dial();
  one.stream.closed("connection refused");
  one.dial();
  assertEquals(one.dials.length, 9);
  one.peer.isThere();
  one.dial();
  assertEquals(one.dials.length, 10);
});

Deno.test("Peer is in sync once it has what was there at the start", () => {
  const one = new OnePeer(OWN, "n3#c");
  one.connect({ origin: OWN, seq: 1, stamp: 1 });
  one.pass100();
  assertEquals(one.peer.keepsUp, false);
  one.acknowledge({ origin: "n3#c", seq: 1, stamp: 1 });
  assertEquals(one.peer.keepsUp, true);
});

Deno.test("Peer leaves at 800 to 900 ms after an entry that it does not acknowledge, and returns with it", () => {
  const one = new OnePeer();
  one.connect();
  one.pass100(40);
  assertEquals(one.peer.keepsUp, true);
  const entry = one.log();
  one.pass100(8);
  assertEquals(one.peer.keepsUp, true);
  one.pass100();
  assertEquals(one.peer.keepsUp, false);
  const second = one.log();
  one.acknowledge(entry);
  assertEquals([one.peer.keepsUp, one.peer.has({ seq: 1 }), one.peer.has({ seq: 2 })], [true, true, false]);
  one.pass100(20);
  assertEquals(one.peer.keepsUp, false);
  one.acknowledge(second);
  assertEquals(one.peer.keepsUp, true);
});

Deno.test("Peer stays in sync whatever it lacks of others, but does not become so while that is older than 3 s", () => {
  const one = new OnePeer();
  one.connect();
  one.pass100();
  const others = one.log("n3#c");
  one.pass100(50);
  assertEquals(one.peer.keepsUp, true);
  one.stream.closed("connection reset");
  assertEquals(one.peer.keepsUp, false);
  one.pass(100);
  one.connect();
  one.pass100(2);
  assertEquals(one.peer.keepsUp, false);
  one.acknowledge(others);
  assertEquals(one.peer.keepsUp, true);
});

Deno.test("Peer has what it says to have, of this node and, where asked, of all", () => {
  const one = new OnePeer();
  assertEquals([one.peer.has({ seq: 0 }), one.peer.known, one.peer.connected], [false, undefined, undefined]);
  const own = one.log();
  const others = one.log("n3#c");
  one.connect(own);
  const version = new Map(one.member.history.end.version);
  assertEquals([one.peer.has({ seq: 1 }), one.peer.has({ seq: 2 }), one.peer.has({ seq: 1, version })], [
    true,
    false,
    false,
  ]);
  one.acknowledge(others);
  assertEquals(one.peer.has({ seq: 1, version }), true);
  one.stream.closed("connection reset");
  assertEquals(one.peer.has({ seq: 1 }), false);
});

Deno.test("Peer says how far it is, also of the time when it was last there, and why it is not", () => {
  const one = new OnePeer();
  assertEquals(one.peer.status(), {
    name: "n2",
    state: "unreachable",
    entriesBehind: 0,
    reason: "it has not answered yet",
  });
  const own = one.log();
  one.log();
  one.log("n3#c");
  one.connect(own);
  assertEquals(one.peer.status(), { name: "n2", state: "behind", entriesBehind: 2 });
  one.pass100();
  assertEquals(one.peer.status().state, "in sync", "what it lacks is younger than 800 ms");
  one.stream.closed("connection reset");
  assertEquals(one.peer.status(), {
    name: "n2",
    state: "unreachable",
    entriesBehind: 2,
    reason: "connection reset",
  });
  one.pass100();
  one.stream.received(REFUSAL);
  assertEquals(one.peer.status(), {
    name: "n2",
    state: "refused",
    entriesBehind: 2,
    reason: "who are you",
    code: REFUSAL.code,
  });
  one.pass100(20);
  one.stream.closed("connection refused");
  assertEquals(one.peer.status().state, "unreachable");
});

Deno.test("Peer is told of when it is lost, and once for each reason that it stays away for", () => {
  const one = new OnePeer();
  const fail = (reason: string): void => {
    one.pass(2_000);
    one.dial();
    one.stream.closed(reason);
  };
  fail("connection refused");
  assertEquals(one.logged, [], "nodes are started one after the other");
  for (let i = 0; i < 5; i++) fail("connection refused");
  assertEquals(one.logged, ["peerUnreachable"]);
  fail("no route");
  assertEquals(one.logged, ["peerUnreachable", "peerUnreachable"]);
  one.pass(2_000);
  one.connect();
  one.stream.closed("no route");
  assertEquals(one.logged.slice(2), ["peerLost"]);
  for (let i = 0; i < 3; i++) {
    one.pass(2_000);
    one.dial();
    one.stream.received(REFUSAL);
  }
  assertEquals(one.logged.slice(3), ["peerRefusesUs"]);
});

Deno.test("Peer says how long its entries have waited", () => {
  const one = new OnePeer();
  one.connect();
  const incoming = { heldMs: (): number | undefined => 1_500 };
  one.peer.incoming = incoming as unknown as IncomingStream;
  assertEquals(one.peer.status().heldMs, 1_500);
  incoming.heldMs = () => undefined;
  assertEquals("heldMs" in one.peer.status(), false);
});
