import { assertEquals, assertStringIncludes } from "@std/assert";
import { entryOf, type Place } from "../../../server/core/entry.ts";
import { OutgoingStream } from "../../../server/replication/outgoing_stream.ts";
import type { PeerMessage } from "../../../server/ports/peer_message.ts";
import { messageOf } from "../../testing/mesh_member.ts";
import { type HeldLink, N2, StreamHarness } from "./stream_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

const OWN = "n1#aaaaaaaaaaaa";

/** A stream to n2, and the calls that its owner got. */
class Outgoing extends StreamHarness {
  readonly heard: string[] = [];
  readonly stream: OutgoingStream;

  /** @param others number of n3's entries on the disk, before the `own` ones of this node */
  constructor(own = 0, others = 0) {
    super();
    for (let seq = 1; seq <= others; seq++) {
      this.member.absorb(encoded([entryOf("n3#c", seq, seq, messageOf(1))]), () => {});
    }
    if (own > 0) this.member.write(own);
    this.member.sync();
    this.stream = new OutgoingStream(this.options, N2, {
      opened: (hello) => this.heard.push(`opened ${hello.node}`),
      advanced: () => this.heard.push("advanced"),
      reserved: (number, granted) => this.heard.push(`${number} ${granted}`),
      ended: (reason, wasRefused) => this.heard.push(`${wasRefused ? "refused" : "ended"}: ${reason}`),
    });
  }

  get link(): HeldLink {
    const link = this.dials[0]?.link;
    if (link === undefined) throw new Error("nobody was dialled");
    return link;
  }

  /** The peer sends its hello. */
  answered(version: readonly Place[] = []): this {
    this.link.takeTypes();
    this.stream.received(this.hello(version));
    return this;
  }

  acknowledge(number: number, ...version: readonly Place[]): void {
    this.stream.received({ type: "ack", number, version });
  }

  /** Lets time pass; every entry in the log may be relayed by now. */
  tick(ms: number): void {
    const { position, version } = this.member.history.end;
    this.stream.tick(this.pass(ms), { position, version: new Map(version) });
  }

  /** Number of entries in each message since the last call. */
  counts(): number[] {
    return this.link.take("entries").map(({ count }) => count);
  }
}

Deno.test("OutgoingStream says hello first, and nothing else before the peer has", () => {
  const outgoing = new Outgoing(3);
  const { link, stream } = outgoing;
  stream.synced();
  stream.tellPresence(["ann"], []);
  outgoing.tick(1_000);
  assertEquals(link.sent.map(({ type }) => type), ["hello"]);
  const [hello] = link.take("hello");
  assertEquals([hello?.node, hello?.version.map(({ seq }) => seq)], ["n1", [3]]);
  assertEquals(outgoing.dials[0]?.peer, N2);
  stream.received(outgoing.hello());
  assertEquals([outgoing.heard, outgoing.counts()], [["opened n2"], [3]]);
});

Deno.test("OutgoingStream is given up where no hello comes within 2 s, a second one, or something else first", () => {
  const late = new Outgoing();
  late.tick(2_000);
  assertEquals(late.link.isClosed, false);
  late.tick(1);
  assertEquals([late.link.isClosed, late.heard], [true, ["ended: it said nothing within 2000 ms"]]);
  const other = new Outgoing();
  other.stream.received({ type: "ack", number: 0, version: [] });
  assertEquals(other.heard, ["ended: it began with ack in place of hello"]);
  const twice = new Outgoing().answered();
  twice.stream.received(twice.hello());
  assertEquals([twice.heard.at(-1), twice.link.isClosed], ["ended: it said hello twice", true]);
});

Deno.test("OutgoingStream says something every 2 s and gives up after 10 s of silence", () => {
  const outgoing = new Outgoing().answered();
  for (let ms = 0; ms < 10_000; ms += 100) outgoing.tick(100);
  assertEquals([outgoing.link.takeTypes(), outgoing.link.isClosed], [Array(5).fill("heartbeat"), false]);
  outgoing.stream.received({ type: "heartbeat", number: 0, version: [] });
  outgoing.tick(10_000);
  assertEquals(outgoing.link.isClosed, false);
  outgoing.tick(1);
  assertEquals(outgoing.heard.at(-1), "ended: it was silent for 10000 ms");
});

Deno.test("OutgoingStream does not go on with another node, another cluster or another time", () => {
  for (const changed of [{ node: "n3" }, { cluster: "other" }, { major: 2 }, { wallMs: 0 }]) {
    const outgoing = new Outgoing();
    // A stranger may well have entries of this node's origin: no node halts for a stranger.
    const strange = [{ origin: OWN, seq: 9, stamp: 9 }];
    outgoing.stream.received(outgoing.hello(strange, changed));
    assertEquals([outgoing.link.isClosed, outgoing.heard.length], [true, 1]);
    assertEquals([outgoing.heard[0]?.slice(0, 8), outgoing.member.halted], ["refused:", undefined]);
  }
});

Deno.test("OutgoingStream finds a fork in the peer's hello; this node halts if the entry should be its own", () => {
  for (const [origin, isOwn] of [[OWN, true], ["n3#c", false]] as const) {
    const outgoing = new Outgoing(1, 1);
    outgoing.stream.received(outgoing.hello([{ origin, seq: 1, stamp: 999 }]));
    assertStringIncludes(outgoing.heard[0] ?? "", `refused: entry 1 of ${origin} is not the same`);
    assertEquals([outgoing.link.isClosed, outgoing.member.halted !== undefined], [true, isOwn]);
  }
});

Deno.test("OutgoingStream hears why it is refused, and halts on a fork of the own origin alone", () => {
  const refusals: (readonly [Partial<PeerMessage>, boolean])[] = [
    [{ code: "read-only" }, false],
    [{ code: "fork", fork: { origin: "n3#c", seq: 1, stamp: 1 } }, false],
    [{ code: "fork" }, false],
    [{ code: "order", fork: { origin: OWN, seq: 1, stamp: 1 } }, false],
    [{ code: "fork", fork: { origin: OWN, seq: 1, stamp: 1 } }, true],
  ];
  for (const [said, halts] of refusals) {
    for (const isOpen of [true, false]) {
      const outgoing = new Outgoing();
      if (isOpen) outgoing.answered();
      outgoing.stream.received({ type: "refusal", message: "no", ...said } as PeerMessage);
      outgoing.stream.closed("the peer has closed the stream");
      assertEquals([outgoing.heard.at(-1), outgoing.link.isClosed], ["refused: no", true]);
      assertEquals(outgoing.member.halted !== undefined, halts);
    }
  }
});

Deno.test("OutgoingStream sends own entries at once, those of others when they may be relayed", () => {
  const outgoing = new Outgoing(2, 3).answered();
  assertEquals(outgoing.counts(), [2]);
  outgoing.tick(100);
  assertEquals(outgoing.counts(), [3]);
  outgoing.tick(100);
  outgoing.member.write();
  outgoing.member.sync();
  outgoing.stream.synced();
  assertEquals(outgoing.counts(), [1]);
});

Deno.test("OutgoingStream sends nothing that the peer has, or says to have got meanwhile", () => {
  const outgoing = new Outgoing(4, 4).answered([
    { origin: OWN, seq: 3, stamp: 3 },
    { origin: "n3#c", seq: 2, stamp: 2 },
  ]);
  const [own] = outgoing.link.take("entries");
  assertEquals([own?.count, own?.previous.map(({ seq }) => seq)], [1, [3]]);
  outgoing.acknowledge(0, { origin: "n3#c", seq: 3, stamp: 3 });
  outgoing.tick(100);
  const [relayed] = outgoing.link.take("entries");
  assertEquals([relayed?.count, relayed?.previous.map(({ seq }) => seq)], [1, [3]]);
});

Deno.test("OutgoingStream does not read what the peer has got by itself", () => {
  const outgoing = new Outgoing(0, 1_000).answered();
  const read = outgoing.member.history.entriesRead;
  outgoing.acknowledge(0, { origin: "n3#c", seq: 1_000, stamp: 1_000 });
  outgoing.tick(100);
  assertEquals([outgoing.counts(), outgoing.member.history.entriesRead], [[], read]);
});

Deno.test("OutgoingStream tells its owner what the peer has, and who answered what", () => {
  const outgoing = new Outgoing(2).answered();
  outgoing.acknowledge(1, { origin: OWN, seq: 2, stamp: 2 });
  outgoing.stream.received({ type: "reserved", number: 3, granted: true });
  assertEquals(outgoing.heard, ["opened n2", "advanced", "3 true"]);
  assertEquals(outgoing.stream.known, new Map([[OWN, { seq: 2, stamp: 2, chain: undefined }]]));
});

Deno.test("OutgoingStream says who came and who went, at most a thousand accounts at a time", () => {
  const { stream, link } = new Outgoing().answered();
  const names = Array.from({ length: 2_001 }, (_, i) => `a${i}`);
  stream.tellPresence(names, ["b"]);
  stream.tellPresence([], ["c"]);
  stream.tellPresence([], []);
  const said = link.take("presence");
  assertEquals(said.map(({ online, offline }) => [online.length, offline.length]), [[1_000, 1], [1_000, 0], [
    1,
    0,
  ], [
    0,
    1,
  ]]);
  assertEquals(said.flatMap(({ online }) => online), names);
});

Deno.test("OutgoingStream that is over sends nothing, reads nothing and ends once", () => {
  const outgoing = new Outgoing().answered();
  const { stream, link, member } = outgoing;
  assertEquals(member.history.cursorsOpen, 2);
  stream.end("enough");
  link.isClosed = false;
  stream.closed("gone");
  stream.end("again");
  member.write();
  member.sync();
  stream.synced();
  stream.send({ type: "heartbeat", number: 0, version: [] });
  stream.received(outgoing.hello());
  assertEquals([outgoing.heard, link.sent], [["opened n2", "ended: enough"], []]);
  assertEquals(member.history.cursorsOpen, 0);
});

Deno.test("OutgoingStream halts the node where the log cannot be read", () => {
  const outgoing = new Outgoing(1);
  outgoing.member.history.failure = new Error("a bad sector");
  outgoing.answered();
  assertEquals(outgoing.member.halted?.message, "a bad sector");
});
