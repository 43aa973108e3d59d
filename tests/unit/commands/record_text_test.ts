import { assert, assertEquals } from "@std/assert";
import { NameFilter, RecordNarrator } from "../../../server/commands/record_text.ts";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import type { LogRecord } from "../../../server/log/log_record.ts";

const ADA = "ada.000000000001";
const BOB = "bob.000000000002";
const OPAQUE = "5f000000000000000003";
const STAMP = 1_700_000_000_123_456;

function entry(event: Event): Entry {
  return entryOf("node1#000000000001", 7, STAMP, event);
}

function created(account: string, name: string): Entry {
  return entry({ type: "accountCreated", account, name, hash: "$2b$secret" });
}

function narrator(...records: LogRecord[]): RecordNarrator {
  const narrator = new RecordNarrator();
  for (const record of [created(ADA, "Ada"), created(BOB, "Bob"), ...records]) narrator.learn(record);
  return narrator;
}

const MARKS = { sender: ADA, recipient: BOB, ids: ["id-1", "id-2"] };

/** Every event, and the text of its line after the type. */
const EVENTS: readonly (readonly [Event, string])[] = [
  [{ type: "accountCreated", account: ADA, name: "Ada", hash: "secret" }, "Ada"],
  [
    { type: "accountCreated", account: ADA, name: "Ada", hash: "secret", by: "operator" },
    "Ada, by the operator",
  ],
  [{ type: "accountDeleted", account: ADA }, "Ada"],
  [{ type: "accountDeleted", account: ADA, by: "operator" }, "Ada, by the operator"],
  [{ type: "accountDisabled", account: ADA, generation: 1 }, "Ada, by the operator"],
  [
    { type: "accountEnabled", account: ADA, generation: 2, at: 1_600_000_000_000_000 },
    "Ada, by the operator, at 2020-09-13T12:26:40.000Z",
  ],
  [{ type: "nameForgotten", account: ADA }, "Ada"],
  [{ type: "personBlocked", account: ADA, person: BOB, generation: 1 }, "Ada: Bob"],
  [{ type: "personUnblocked", account: ADA, person: "", generation: 2 }, "Ada:"],
  [{ type: "passwordChanged", account: ADA, hash: "secret", generation: 1, keeps: "secret" }, "Ada"],
  [
    { type: "passwordChanged", account: ADA, hash: "secret", generation: 1, by: "somebody" },
    "Ada, by somebody",
  ],
  [{ type: "passwordRehashed", account: ADA, password: "node1#0/1", hash: "secret" }, "Ada"],
  [{ type: "tokenIssued", account: ADA, token: "secret", password: "node1#0/1" }, "Ada"],
  [{ type: "tokenRevoked", account: ADA, token: "secret", issued: "node1#0/1" }, "Ada"],
  [
    { type: "tokenRevoked", account: ADA, token: "secret", issued: "node1#0/1", by: "operator" },
    "Ada, by the operator",
  ],
  [{ type: "tokensUsed", account: ADA, tokens: ["secret", "secret"] }, "Ada, tokens: 2"],
  [{ type: "messageSent", id: "id-1", from: ADA, to: BOB, content: "hi" }, "Ada to Bob, id-1: hi"],
  [{ type: "messagesDelivered", ...MARKS }, "Ada to Bob, id-1 id-2"],
  [{ type: "messagesRead", ...MARKS }, "Ada to Bob, id-1 id-2"],
  [{ type: "messagesDeleted", ...MARKS }, "Ada to Bob, id-1 id-2"],
  [{ type: "messagesDeleted", ...MARKS, fingerprints: ["secret", "secret"] }, "Ada to Bob, id-1 id-2"],
  [{ type: "messagesHidden", ...MARKS }, "Ada to Bob, id-1 id-2"],
  [{ type: "fingerprintKeyMade", account: ADA, key: "secret" }, "Ada"],
];

Deno.test("RecordNarrator.line() says what every event says, and no secret", () => {
  for (const [event, text] of EVENTS) {
    const line = narrator().line(entry(event));
    const type = event.type.padEnd(17);
    assertEquals(line, `2023-11-14T22:13:20.123Z node1#000000000001/7 ${type} ${text}`);
    assert(!line.includes("secret"));
  }
  console.log(`RecordNarrator: ${EVENTS.length} types of events`);
});

Deno.test("RecordNarrator.line() shows controls in what people wrote, and when an imported message was sent", () => {
  const event: Event = {
    type: "messageSent",
    id: "a\nb",
    from: ADA,
    to: "zoe.000000000003",
    content: "\x1b[2J\u202e",
    at: 1_600_000_000_000_000,
  };
  const line = narrator().line(entry(event));
  assert(line.endsWith(
    "Ada to zoe.000000000003, a\\u{a}b, sent 2020-09-13T12:26:40.000Z: \\u{1b}[2J\\u{202e}",
  ));
});

Deno.test("RecordNarrator.line() tells accounts of one name apart", () => {
  const second = "ada.000000000009";
  const lines = narrator(created(second, "ADA")).line(
    entry({ type: "messageSent", id: "1", from: second, to: ADA, content: "x" }),
  );
  assert(lines.endsWith(`ADA (${second}) to Ada, 1: x`));
});

Deno.test("RecordNarrator.line() shows marks and records of later versions", () => {
  const later = entry({ type: "statusSet", account: ADA } as unknown as Event);
  const records: [LogRecord, string][] = [
    [
      { type: "nodeStarted", origin: "node1#1", version: "1.0.0", timeMs: 1_700_000_000_000 },
      "2023-11-14T22:13:20.000Z - nodeStarted       origin node1#1, version 1.0.0",
    ],
    [
      { type: "segmentOpened", format: 1, node: "node1", segment: 3 },
      `${"-".padEnd(24)} - segmentOpened     segment 3 of node1, format 1`,
    ],
    [{ type: "idle" }, `${"-".padEnd(24)} - idle`],
    [
      later,
      "2023-11-14T22:13:20.123Z node1#000000000001/7 statusSet         " +
      "(not known to this version of the program; --json shows it)",
    ],
  ];
  for (const [record, line] of records) assertEquals(narrator().line(record), line);
});

Deno.test("NameFilter.concerns() finds everything that is about a name, by the name or by the id", () => {
  const filterOf = (name: string): NameFilter => {
    const filter = new NameFilter(name);
    for (const record of [created(ADA, "Ada"), created(BOB, "Bob"), created(OPAQUE, "Ada")]) {
      filter.learn(record);
    }
    return filter;
  };
  for (const [event] of EVENTS) {
    for (const name of ["ADA", ADA]) assert(filterOf(name).concerns(entry(event)), event.type);
    for (const name of ["ad", "zoe", OPAQUE]) assert(!filterOf(name).concerns(entry(event)), event.type);
  }
  const fromOpaque = entry({ type: "messageSent", id: "1", from: OPAQUE, to: BOB, content: "x" });
  assertEquals(["ada", "bob", OPAQUE, ADA].map((name) => filterOf(name).concerns(fromOpaque)), [
    true,
    true,
    true,
    false,
  ]);
});

Deno.test("RecordNarrator.line() shows the id of an account whose name is erased", () => {
  const line = narrator(created(OPAQUE, "")).line(entry({ type: "accountDeleted", account: OPAQUE }));
  assert(line.endsWith(`accountDeleted    ${OPAQUE}`), line);
});
