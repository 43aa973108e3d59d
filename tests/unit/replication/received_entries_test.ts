import { assertEquals } from "@std/assert";
import type { Entry, Place } from "../../../server/core/entry.ts";
import { entryJson } from "../../../server/core/entry_json.ts";
import type { Version } from "../../../server/core/version.ts";
import type { EntriesMessage } from "../../../server/ports/peer_message.ts";
import { receive } from "../../../server/replication/received_entries.ts";
import { messageOf } from "../../testing/mesh_member.ts";

const HERE: Version = new Map([["a#1", { seq: 3, stamp: 30 }]]);

/** An entry whose stamp is ten times its number, unless it is another one. */
function entry(origin: string, seq: number, stamp = seq * 10): Entry {
  return { origin, seq, stamp, ...messageOf(1) };
}

function message(entries: readonly Entry[], ...previous: readonly Place[]): EntriesMessage {
  return {
    type: "entries",
    number: 1,
    lines: entries.map(entryJson).join("\n"),
    count: entries.length,
    previous,
  };
}

function place(origin: string, seq: number, stamp = seq * 10): Place {
  return { origin, seq, stamp };
}

Deno.test("receive() takes what follows, of several origins, in the order in which it came", () => {
  const entries = [entry("a#1", 4), entry("b#1", 1), entry("a#1", 5), entry("b#1", 2)];
  assertEquals(receive(message(entries, place("a#1", 3)), HERE), { entries });
});

Deno.test("receive() passes over what is here already, and what comes twice", () => {
  const entries = [entry("a#1", 2), entry("a#1", 3), entry("a#1", 4), entry("a#1", 4)];
  assertEquals(receive(message(entries, place("a#1", 1)), HERE), { entries: [entry("a#1", 4)] });
  assertEquals(receive(message([entry("a#1", 1)]), HERE), { entries: [] });
});

Deno.test("receive() finds a gap", () => {
  assertEquals(receive(message([entry("a#1", 6)], place("a#1", 5)), HERE), {
    problem: "the entries follow a#1/5, but the last one here is 3",
  });
  assertEquals(receive(message([entry("b#1", 6), entry("a#1", 4)], place("a#1", 3), place("b#1", 5)), HERE), {
    problem: "the entries follow b#1/5, but the last one here is 0",
  });
});

Deno.test("receive() allows a gap that a repair of the log has left at the source too", () => {
  const entries = [entry("a#1", 6), entry("a#1", 9)];
  assertEquals(receive(message(entries, place("a#1", 3)), HERE), { entries });
});

Deno.test("receive() finds a fork at the entry before, at the last one here, and within the message", () => {
  const later = [entry("a#1", 4)];
  assertEquals(receive(message(later, place("a#1", 3, 31)), HERE), { fork: place("a#1", 3, 31) });
  assertEquals(receive(message([entry("a#1", 3, 31)], place("a#1", 2)), HERE), { fork: place("a#1", 3, 31) });
  const twice = [entry("a#1", 4), entry("a#1", 4, 41)];
  assertEquals(receive(message(twice, place("a#1", 3)), HERE), { fork: place("a#1", 4, 41) });
});

Deno.test("receive() takes nothing of a message with a line that is no entry", () => {
  const good = entryJson(entry("a#1", 4));
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
    const lines = `${good}\n${line}`;
    const received = receive({ ...message([]), lines, count: 2, previous: [place("a#1", 3)] }, HERE);
    assertEquals(received, { problem: "a line is no entry" }, line);
  }
  console.log(`${bad.length} lines`);
});

Deno.test("receive() takes nothing of a message with another number of lines than it says", () => {
  const two = message([entry("a#1", 4), entry("a#1", 5)], place("a#1", 3));
  for (const count of [0, 1, 3]) {
    assertEquals(receive({ ...two, count }, HERE), {
      problem: `${count} entries were announced and 2 came`,
    });
  }
});

Deno.test("receive() takes events of a type that is not known here", () => {
  const line = '{"origin":"a#1","seq":4,"stamp":40,"type":"ofTheFuture","more":{"and":["more"]}}';
  const received = receive({ ...message([]), lines: line, count: 1, previous: [place("a#1", 3)] }, HERE);
  assertEquals(received, { entries: [JSON.parse(line)] });
});
