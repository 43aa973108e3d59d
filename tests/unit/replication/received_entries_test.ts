import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Entry, ORIGINS_MAX, type Place } from "../../../server/core/entry.ts";
import { ENTRY_BYTES_MAX } from "../../../server/core/encoded_entry.ts";
import type { ChainedPlace, Version } from "../../../server/core/version.ts";
import type { EntriesMessage } from "../../../server/ports/peer_message.ts";
import { receive as receiveWith } from "../../../server/replication/received_entries.ts";
import { encoded, joinedLines, linesOfEntries } from "../../testing/encoded_entries.ts";
import { chainedPlace } from "../../testing/chained_place.ts";
import { comparedForks } from "../../testing/compared_forks.ts";
import { messageOf } from "../../testing/mesh_member.ts";

const HERE: Version = new Map([["a#1", { seq: 3, stamp: 30 }]]);

/** An entry with a stamp of ten times its number, unless given. */
function entry(origin: string, seq: number, stamp = seq * 10): Entry {
  return { origin, seq, stamp, ...messageOf(1) };
}

function message(entries: readonly Entry[], ...previous: readonly Place[]): EntriesMessage {
  return {
    type: "entries",
    number: 1,
    lines: linesOfEntries(entries),
    count: entries.length,
    previous,
  };
}

/** Reads a message at a node with the version `HERE`, or another. */
function receive(message: EntriesMessage, version = HERE): ReturnType<typeof receiveWith> {
  return receiveWith(message, version, comparedForks(version));
}

/** The problem of lines received by a node with the version `HERE`. */
function problemWith(lines: Uint8Array, count: number): string {
  const received = receive({ ...message([]), lines, count, previous: [place("a#1", 3)] });
  assert("problem" in received);
  return received.problem;
}

function place(origin: string, seq: number, stamp = seq * 10): Place {
  return { origin, seq, stamp };
}

/** The outcome with these new entries and no fork. */
function taken(entries: readonly Entry[]): ReturnType<typeof receiveWith> {
  return { entries: encoded(entries), forked: [] };
}

Deno.test("receive() takes what follows, of several origins, in the order in which it came", () => {
  const entries = [entry("a#1", 4), entry("b#1", 1), entry("a#1", 5), entry("b#1", 2)];
  assertEquals(receive(message(entries, place("a#1", 3))), taken(entries));
});

Deno.test("receive() lets the rest of a message go where some of its entries are here already", () => {
  const before = Array.from({ length: 3 }, (_, i) => entry("a#1", i + 1));
  const received = receive(message([...before, entry("a#1", 4)]));
  assert("entries" in received);
  assertEquals(received.entries, encoded([entry("a#1", 4)]));
  for (const { json } of received.entries) assertEquals(json.buffer.byteLength, json.length);
});

Deno.test("receive() passes over what is here already, and what comes twice", () => {
  const entries = [entry("a#1", 2), entry("a#1", 3), entry("a#1", 4), entry("a#1", 4)];
  assertEquals(receive(message(entries, place("a#1", 1))), taken([entry("a#1", 4)]));
  assertEquals(receive(message([entry("a#1", 1)])), taken([]));
});

Deno.test("receive() finds a gap", () => {
  assertEquals(receive(message([entry("a#1", 6)], place("a#1", 5))), {
    problem: "the entries follow a#1/5, but the last one here is 3",
  });
  assertEquals(receive(message([entry("b#1", 6), entry("a#1", 4)], place("a#1", 3), place("b#1", 5))), {
    problem: "the entries follow b#1/5, but the last one here is 0",
  });
});

Deno.test("receive() allows a gap that a repair of the log has left at the source too", () => {
  const entries = [entry("a#1", 6), entry("a#1", 9)];
  assertEquals(receive(message(entries, place("a#1", 3))), taken(entries));
});

/** The outcome where the peer has another entry than this node. */
function forkedAt(place: ChainedPlace): ReturnType<typeof receiveWith> {
  return { entries: [], forked: [{ chain: undefined, ...place }] };
}

Deno.test("receive() finds a fork at the entry before, at the last one here, and within the message", () => {
  const before = place("a#1", 3, 31);
  assertEquals(receive(message([entry("a#1", 4)], before)), { entries: [], forked: [before] });
  assertEquals(receive(message([entry("a#1", 3, 31)], place("a#1", 2))), forkedAt(place("a#1", 3, 31)));
  const twice = [entry("a#1", 4), entry("a#1", 4, 41)];
  assertEquals(receive(message(twice, place("a#1", 3))), forkedAt(place("a#1", 4, 41)));
  assertEquals(receive(message([entry("own#1", 1)])), forkedAt(place("own#1", 1)));
});

Deno.test("receive() compares entries that are here already by chain, and takes those of other origins", () => {
  const here = chainedPlace("a#1", 9);
  const version: Version = new Map([["a#1", here]]);
  const forks = comparedForks(version, [], chainedPlace);
  const others = [entry("b#1", 1)];
  const same = [entry("a#1", 5), entry("a#1", 6), ...others];
  const before = chainedPlace("a#1", 4);
  assertEquals(receiveWith(message(same, before), version, forks), taken(others));
  const foreign = chainedPlace("a#1", 4, (seq) => seq * 10 + 1);
  assertEquals(receiveWith(message(same, foreign), version, forks), {
    entries: encoded(others),
    forked: [foreign],
  });
  const parted = chainedPlace("a#1", 6, (seq) => seq === 6 ? 61 : seq * 10);
  const entries = [entry("a#1", 5), entry("a#1", 6, 61), ...others];
  assertEquals(receiveWith(message(entries, before), version, forks), {
    entries: encoded(others),
    forked: [parted],
  });
});

Deno.test("receive() drops the entries of a marked origin, whatever they follow", () => {
  const entries = [entry("a#1", 9), entry("b#1", 1)];
  const outcome = receiveWith(message(entries, place("a#1", 8)), HERE, comparedForks(HERE, ["a#1"]));
  assertEquals(outcome, taken([entry("b#1", 1)]));
});

Deno.test("receive() takes no origin beyond those that fit into a hello", () => {
  const origins = Array.from({ length: ORIGINS_MAX }, (_, i) => [`n#${i}`, { seq: 1, stamp: 10 }] as const);
  const full: Version = new Map(origins);
  assertEquals(receive(message([entry("n#1", 2)], place("n#1", 1)), full), taken([entry("n#1", 2)]));
  const received = receive(message([entry("new#1", 1)]), full);
  assertEquals(received, { problem: "the entries are of more than 10000 origins, which is the limit" });
});

Deno.test("receive() quotes no entry of a peer in the problem with it", () => {
  const long = "x".repeat(900_000);
  const lines = [
    `{"${long}":1,"${long}":2}`,
    `{"${long}":1${"0".repeat(400)}}`,
    `{"${long}":"}`,
    `"${long}"`,
  ];
  const place = '"origin":"a#1","seq":4,"stamp":40,"type":"later",';
  for (const line of lines) {
    const problem = problemWith(new TextEncoder().encode(line.replace("{", `{${place}`)), 1);
    assert(problem.length < 100 && !problem.includes("xx"), problem.slice(0, 200));
  }
});

Deno.test("receive() takes nothing of a message with a line that is no entry", () => {
  const good = JSON.stringify(entry("a#1", 4));
  const bad = [
    "",
    "{",
    "null",
    "5",
    '"text"',
    "[]",
    "{}",
    ...[
      { origin: "a#1", seq: 0, stamp: 1, type: "x" },
      { origin: "a#1", seq: -1, stamp: 1, type: "x" },
      { origin: "a#1", seq: 1.5, stamp: 1, type: "x" },
      { origin: "a#1", seq: "4", stamp: 1, type: "x" },
      { origin: "a#1", seq: 4, stamp: 1.5, type: "x" },
      { origin: "a#1", seq: 4, stamp: 1e300, type: "x" },
      { origin: "a#1", seq: 4, stamp: 1 },
      { origin: "a", seq: 4, stamp: 1, type: "x" },
      { origin: 7, seq: 4, stamp: 1, type: "x" },
    ].map((each) => JSON.stringify(each)),
  ];
  for (const line of bad) {
    assertStringIncludes(problemWith(joinedLines([good, line]), 2), "a line is no entry: ", line);
  }
  console.log(`${bad.length} lines`);
});

Deno.test("receive() takes nothing of a message with another number of lines than it says", () => {
  const two = message([entry("a#1", 4), entry("a#1", 5)], place("a#1", 3));
  for (const count of [0, 1, 3]) {
    assertEquals(receive({ ...two, count }), {
      problem: `${count} entries were announced and 2 came`,
    });
  }
});

Deno.test("receive() takes events of a type that is not known here, byte for byte", () => {
  const texts = [
    '{"origin":"a#1","seq":4,"stamp":40,"type":"ofTheFuture","more":{"and":["more"]}}',
    '{ "type" :"ofTheFuture", "stamp":5e1,\t"seq":5.0, "origin":"a#1", "ż":[1.0, 10e2, -0, "\\u017c€🎉"] }',
    '{"origin":"a#1","seq":6,"stamp":60,"type":"ofTheFuture"}',
  ];
  const received = receive({ ...message([]), lines: joinedLines(texts), count: 3 });
  assert("entries" in received);
  assertEquals(received.entries.map(({ json }) => new TextDecoder().decode(json)), texts);
  assertEquals(received.entries.map(({ entry }) => entry), texts.map((text) => JSON.parse(text)));
});

Deno.test("receive() takes nothing that is not strict UTF-8", () => {
  const good = linesOfEntries([entry("a#1", 4)]);
  const at = good.indexOf("x".charCodeAt(0));
  const malformed = [
    [0x80],
    [0xc0, 0xaf],
    [0xc3],
    [0xe2, 0x82],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xff],
  ];
  for (const bytes of malformed) {
    const lines = new Uint8Array([...good.subarray(0, at), ...bytes, ...good.subarray(at)]);
    assertEquals(problemWith(lines, 1), "the lines are not UTF-8", bytes.join());
  }
  const replacement = linesOfEntries([{ ...entry("a#1", 4), content: "\ufffd" } as Entry]);
  assertEquals("entries" in receive({ ...message([]), lines: replacement, count: 1 }), true);
  assertEquals(problemWith(new Uint8Array([...replacement, 0xff]), 1), "the lines are not UTF-8");
  const mark = new Uint8Array([0xef, 0xbb, 0xbf, ...good]);
  assertEquals(problemWith(mark, 1), "a line is no entry: it is not JSON");
});

Deno.test("receive() takes an entry of 1,040,384 bytes, and none that is longer", () => {
  const long = (bytes: number): Uint8Array => {
    const empty = JSON.stringify({ ...entry("a#1", 4), content: "" }).length;
    return linesOfEntries([{ ...entry("a#1", 4), content: "x".repeat(bytes - empty) } as Entry]);
  };
  const lines = long(ENTRY_BYTES_MAX);
  assertEquals(lines.length, ENTRY_BYTES_MAX);
  assertEquals("entries" in receive({ ...message([]), lines, count: 1 }), true);
  assertEquals(
    problemWith(long(ENTRY_BYTES_MAX + 1), 1),
    "a line of 1040385 bytes is over the 1040384 allowed",
  );
});
