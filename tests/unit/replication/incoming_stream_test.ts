import { assertEquals, assertStringIncludes } from "@std/assert";
import { entryOf } from "../../../server/core/entry.ts";
import type { PeerMessage } from "../../../server/ports/peer_message.ts";
import { entriesOf, Incoming, message } from "./incoming_harness.ts";
import { chainedPlace } from "../../testing/chained_place.ts";
import { messageOf } from "../../testing/mesh_member.ts";
import { HeldLink } from "./stream_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

Deno.test("IncomingStream answers a hello with what is durable here", () => {
  const incoming = new Incoming();
  incoming.member.write(2);
  incoming.member.sync();
  incoming.member.write();
  incoming.stream.received(incoming.hello());
  const [hello] = incoming.link.take("hello");
  assertEquals([hello?.node, hello?.version.map(({ seq }) => seq)], ["n1", [2]]);
  assertEquals([incoming.heard, incoming.stream.node], [["opened n2"], "n2"]);
});

Deno.test("IncomingStream refuses whom it should not talk with, says why, and ends", () => {
  const cases = [
    [undefined, { major: 2 }, "version"],
    [undefined, { cluster: "other" }, "cluster"],
    [undefined, { node: "n9" }, "stranger"],
    ["n3", {}, "stranger"],
    [undefined, { wallMs: 0 }, "clock"],
  ] as const;
  for (const [provenName, changed, code] of cases) {
    const incoming = new Incoming(new HeldLink(provenName));
    incoming.stream.received(incoming.hello([], changed));
    const [refusal] = incoming.link.take("refusal");
    assertEquals([refusal?.code, incoming.link.isClosed], [code, true]);
    assertEquals([incoming.heard, incoming.stream.node], [[`ended: ${refusal?.message}`], undefined]);
    assertEquals([incoming.logged, incoming.member.halted], [["peerRefused"], undefined]);
    incoming.stream.received(incoming.hello());
    assertEquals(incoming.heard.length, 1);
  }
  const proven = new Incoming(new HeldLink("n2"));
  proven.stream.received(proven.hello());
  assertEquals(proven.heard, ["opened n2"]);
});

Deno.test("IncomingStream warns of clocks that are more than 10 s apart", () => {
  for (const [apartMs, logged] of [[10_000, []], [10_001, ["clocksApart"]]] as const) {
    const incoming = new Incoming();
    incoming.stream.received(incoming.hello([], { wallMs: incoming.time.wallMs + apartMs }));
    assertEquals(incoming.logged, [...logged]);
  }
});

Deno.test("IncomingStream refuses a fork in the hello; this node halts if the entry should be its own", () => {
  for (const [origin, isOwn] of [["n1#aaaaaaaaaaaa", true], ["n2#b", false]] as const) {
    const incoming = new Incoming();
    incoming.member.absorb(encoded([entryOf("n2#b", 1, 1, messageOf(1))]), () => {});
    const place = { origin, seq: 1, stamp: 9, chain: undefined };
    incoming.stream.received(incoming.hello([place]));
    const [refusal] = incoming.link.take("refusal");
    assertEquals([refusal?.code, refusal?.fork, incoming.link.isClosed], ["fork", place, true]);
    assertEquals(incoming.member.halted?.message, isOwn ? refusal?.message : undefined);
  }
});

Deno.test("IncomingStream is given up where no hello comes within 2 s, a second one, or something else first", () => {
  const late = new Incoming();
  late.stream.tick(late.pass(2_000));
  assertEquals(late.link.isClosed, false);
  late.stream.tick(late.pass(1));
  assertEquals([late.link.isClosed, late.heard], [true, ["ended: it said nothing within 2000 ms"]]);
  const other = new Incoming();
  other.stream.received({ type: "heartbeat", number: 0, version: [] });
  assertEquals(other.heard, ["ended: it began with heartbeat in place of hello"]);
  const twice = new Incoming().opened();
  twice.stream.received(twice.hello());
  assertEquals([twice.heard.at(-1), twice.link.isClosed], ["ended: it said hello twice", true]);
});

Deno.test("IncomingStream says something every 2 s and gives up after 10 s of silence", () => {
  const incoming = new Incoming().opened();
  const said: string[] = [];
  for (let ms = 0; ms < 10_000; ms += 100) {
    incoming.stream.tick(incoming.pass(100));
    said.push(...incoming.link.takeTypes());
  }
  assertEquals([said, incoming.link.isClosed], [Array(5).fill("ack"), false]);
  incoming.stream.received({ type: "heartbeat", number: 0, version: [] });
  incoming.stream.tick(incoming.pass(10_000));
  assertEquals(incoming.link.isClosed, false);
  incoming.stream.tick(incoming.pass(1));
  assertEquals(incoming.heard.at(-1), "ended: it was silent for 10000 ms");
});

Deno.test("IncomingStream acknowledges by number and version, once the entries are durable", () => {
  const incoming = new Incoming().opened();
  const { member, link, stream } = incoming;
  stream.received(message(1, [...entriesOf("n2#b", 1, 2), ...entriesOf("n3#c", 1, 1)]));
  stream.received(message(2, entriesOf("n2#b", 3, 3), { origin: "n2#b", seq: 2, stamp: 20 }));
  stream.tick(incoming.pass(300));
  assertEquals(link.sent, []);
  member.sync();
  assertEquals(link.take("ack"), [
    {
      type: "ack",
      number: 1,
      version: [chainedPlace("n2#b", 3), chainedPlace("n3#c", 1)],
      wallMs: undefined,
    },
    { type: "ack", number: 2, version: [], wallMs: undefined },
  ]);
});

Deno.test("IncomingStream is ended where a message of entries has not arrived", () => {
  const gap = new Incoming().opened();
  gap.stream.received(message(2, entriesOf("n2#b", 1, 1)));
  const reason = "ended: message 1 did not arrive, and 1 were sent";
  assertEquals([gap.heard.at(-1), gap.link.isClosed], [reason, true]);
  const last = new Incoming().opened();
  last.stream.received({ type: "heartbeat", number: 0, version: [] });
  assertEquals(last.link.isClosed, false);
  last.stream.received({ type: "heartbeat", number: 1, version: [] });
  assertEquals([last.heard.at(-1), last.link.isClosed], [reason, true]);
});

Deno.test("IncomingStream tells all that is on the disk every 2 s", () => {
  const incoming = new Incoming().opened();
  incoming.stream.received(message(1, entriesOf("n2#b", 1, 3)));
  incoming.member.sync();
  assertEquals(incoming.link.take("ack").length, 1);
  incoming.stream.tick(incoming.pass(1_999));
  assertEquals(incoming.link.sent, []);
  incoming.stream.tick(incoming.pass(1));
  assertEquals(incoming.link.take("ack"), [{
    type: "ack",
    number: 1,
    version: [chainedPlace("n2#b", 3)],
    wallMs: incoming.time.wallMs,
  }]);
});

Deno.test("IncomingStream acknowledges what was here already, and takes it in no second time", () => {
  const incoming = new Incoming().opened();
  incoming.stream.received(message(1, entriesOf("n2#b", 1, 3)));
  incoming.stream.received(message(2, entriesOf("n2#b", 2, 3), { origin: "n2#b", seq: 1, stamp: 10 }));
  incoming.member.sync();
  incoming.link.sent.shift();
  assertEquals(incoming.link.take("ack"), [{ type: "ack", number: 2, version: [], wallMs: undefined }]);
  assertEquals(incoming.member.history.entries.length, 3);
});

Deno.test("IncomingStream tells every 250 ms what came from elsewhere, if anything", () => {
  const incoming = new Incoming().opened();
  const { member, link, stream } = incoming;
  member.absorb(encoded(entriesOf("n3#c", 1, 2)), () => {});
  member.sync();
  stream.tick(incoming.pass(249));
  assertEquals(link.sent, []);
  stream.tick(incoming.pass(1));
  const version = [chainedPlace("n3#c", 2)];
  assertEquals(link.take("ack"), [{ type: "ack", number: 0, version, wallMs: undefined }]);
  stream.tick(incoming.pass(250));
  assertEquals(link.sent, []);
});

Deno.test("IncomingStream does not tell again what its hello has said", () => {
  const incoming = new Incoming();
  incoming.member.absorb(encoded(entriesOf("n3#c", 1, 2)), () => {});
  incoming.member.sync();
  incoming.opened();
  incoming.stream.tick(incoming.pass(250));
  assertEquals(incoming.link.sent, []);
});

Deno.test("IncomingStream refuses whoever comes while the disk is full", () => {
  const incoming = new Incoming();
  incoming.member.full = "disk";
  incoming.stream.received(incoming.hello());
  assertEquals(incoming.link.take("refusal").map(({ code }) => code), ["read-only"]);
  assertEquals(incoming.link.isClosed, true);
});

Deno.test("IncomingStream takes nothing while disk or memory is full", () => {
  for (const full of ["disk", "memory"] as const) {
    const incoming = new Incoming().opened();
    incoming.member.full = full;
    incoming.stream.received(message(1, entriesOf("n2#b", 1, 1)));
    const [refusal] = incoming.link.take("refusal");
    assertEquals([refusal?.code, refusal?.message, incoming.link.isClosed, incoming.member.version.size], [
      "read-only",
      `the ${full} of n1 is full; it takes nothing new`,
      true,
      0,
    ]);
  }
});

Deno.test("IncomingStream refuses entries that do not fit, and takes none of them", () => {
  const gap = message(1, entriesOf("n2#b", 5, 6), { origin: "n2#b", seq: 4, stamp: 40 });
  const forked = message(1, entriesOf("n3#c", 2, 2), { origin: "n3#c", seq: 1, stamp: 11 });
  const own = message(1, entriesOf("n1#aaaaaaaaaaaa", 1, 1));
  for (
    const [entries, code, isOwn] of [[gap, "order", false], [forked, "fork", false], [
      own,
      "fork",
      true,
    ]] as const
  ) {
    const incoming = new Incoming().opened();
    incoming.member.absorb(encoded(entriesOf("n3#c", 1, 1)), () => {});
    incoming.stream.received(entries);
    const [refusal] = incoming.link.take("refusal");
    assertEquals([refusal?.code, incoming.link.isClosed, incoming.member.version.size], [code, true, 1]);
    if (isOwn) assertStringIncludes(incoming.member.halted?.message ?? "", "entry 1 of n1#aaaaaaaaaaaa");
    else assertEquals(incoming.member.halted, undefined);
  }
});

Deno.test("IncomingStream passes presence and reservations on, and answers the latter", () => {
  const incoming = new Incoming().opened();
  const said: PeerMessage[] = [
    { type: "presence", online: ["a"], offline: ["b"] },
    { type: "reserve", number: 4, name: "ann", stamp: 1 },
    { type: "reserve", number: 5, name: "bob", stamp: 1 },
    { type: "release", number: 4 },
  ];
  for (const each of said) incoming.stream.received(each);
  assertEquals(incoming.heard.slice(1), ["n2 +a -b", "n2 reserves ann", "n2 reserves bob", "n2 releases 4"]);
  assertEquals(incoming.link.sent, [
    { type: "reserved", number: 4, granted: true },
    { type: "reserved", number: 5, granted: false },
  ]);
});

Deno.test("IncomingStream that is over says and hears nothing more, and ends once", () => {
  const incoming = new Incoming().opened();
  incoming.stream.received(message(1, entriesOf("n2#b", 1, 1)));
  incoming.stream.end("enough");
  incoming.stream.closed("gone");
  incoming.stream.end("again");
  incoming.stream.received({ type: "presence", online: ["a"], offline: [] });
  incoming.link.isClosed = false;
  incoming.member.sync();
  assertEquals([incoming.heard, incoming.link.sent], [["opened n2", "ended: enough"], []]);
});
