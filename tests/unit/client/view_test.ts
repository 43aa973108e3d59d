import { assertEquals, assertMatch } from "@std/assert";
import type { Item } from "../../../client/core/items.ts";
import { jsonLine } from "../../../client/terminal/display/json_line.ts";
import type { ShownItem } from "../../../client/terminal/display/shown_item.ts";
import { painted, textOf } from "../../../client/terminal/display/spans.ts";
import {
  itemLines,
  messageBlock,
  messageBlocks,
  messageLines,
  titleOf,
  wholeMessageBlock,
} from "../../../client/terminal/display/view.ts";
import { timeOfDay } from "../../../client/terminal/display/times.ts";
import { FakeClient, told, uuid } from "./fake_client.ts";

/** A day after all messages of these tests. */
const NOW_MS = Date.UTC(2026, 10, 29);

/** The beginning of a line about a message that is not of today. */
const DATE_AND_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d /;

function clientWith(content: string): { readonly client: FakeClient; readonly item: Item } {
  const client = new FakeClient();
  client.login();
  client.push(told(1, "bob", "alice", { content }));
  const item = client.effects.find((each) => each.kind === "show");
  if (item === undefined) throw new Error("nothing was shown");
  return { client, item: item.item };
}

Deno.test("messageLines() shows time, short id and sender", () => {
  const { client, item } = clientWith("hi");
  assertMatch(
    itemLines(client.model, item, true, NOW_MS).map(textOf).join("\n"),
    /^\d{4}-\d\d-\d\d \d\d:\d\d #a1 bob> hi$/,
  );
});

Deno.test("messageLines() keeps the length of an own line while its mark changes", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.line("hello");
  const message = client.model.messages.get(uuid(102));
  if (message === undefined) throw new Error("there is no message");
  const marks = (["queued", "held", "failed", "unread", "delivered", "read"] as const).map((status) =>
    messageLines(client.model, { ...message, status }, { onScreen: true, addressed: false, time: timeOfDay })
      .map(textOf).join(
        "",
      ).slice(6)
  );
  assertEquals(marks, [
    "#a1 .  alice> hello",
    "#a1 ?  alice> hello",
    "#a1 !  alice> hello",
    "#a1 +  alice> hello",
    "#a1 ++ alice> hello",
    "#a1 =  alice> hello",
  ]);
  const plain = messageLines(client.model, { ...message, status: "unread" }, {
    onScreen: false,
    addressed: false,
    time: timeOfDay,
  }).map(textOf);
  assertEquals(plain.map((line) => line.slice(6)), ["#a1 + alice> hello"]);
});

Deno.test("messageBlocks() keeps the form of a line when the chat changes", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob");
  client.line("hello");
  const message = client.model.messages.get(uuid(102));
  if (message === undefined) throw new Error("there is no message");
  const shown = messageBlock(client.model, message);
  client.model.focus = client.model.chats.with("carol");
  const [same, ...others] = messageBlocks(client.model, message).filter((each) => each.key === shown.key);
  assertEquals([same?.lines, others], [shown.lines, []]);
  assertEquals(shown.more?.(16_300).map((each) => each.text), ["... 16,300 more lines, /show #a1"]);
  assertEquals(wholeMessageBlock(client.model, message).more, undefined);
});

Deno.test("messageLines() shows line breaks so that no line can pass for another message", () => {
  const { client, item } = clientWith("one\n12:00 #a9 carol> two\x1b[2J");
  assertEquals(
    itemLines(client.model, item, true, NOW_MS).map(textOf).map((line) => line.replace(DATE_AND_TIME, "")),
    [
      "#a1 bob> one",
      "      | 12:00 #a9 carol> two\\u{1b}[2J",
    ],
  );
  const [plain, ...more] = itemLines(client.model, item, false, NOW_MS).map(textOf);
  assertEquals([plain?.replace(DATE_AND_TIME, ""), more], [
    "#a1 bob> one\\u{a}12:00 #a9 carol> two\\u{1b}[2J",
    [],
  ]);
});

Deno.test("everything from elsewhere is made harmless, wherever it is shown", () => {
  const evil = "\x1b]0;x\x07\u202e";
  const client = new FakeClient();
  client.login();
  const items: readonly ShownItem[] = [
    { kind: "user", name: evil, unread: 1, online: true },
    { kind: "chat", with: evil, unread: 1, last: told(1, evil, "alice", { content: evil }) },
    { kind: "text", text: evil },
  ];
  for (const item of items) {
    const shown = itemLines(client.model, item, true, NOW_MS).map((line) => painted(line, false)).join("\n");
    assertEquals(/[\p{Cc}\p{Bidi_Control}]/u.test(shown), false, JSON.stringify(shown));
  }
  client.model.focus = client.model.chats.with(evil);
  assertEquals(/[\p{Cc}\p{Bidi_Control}]/u.test(titleOf(client.model, true) + client.prompt), false);
});

Deno.test("colour only adds", () => {
  const { client, item } = clientWith("hi");
  for (const line of itemLines(client.model, item, true, NOW_MS)) {
    // deno-lint-ignore no-control-regex -- colours are escape sequences
    assertEquals(painted(line, true).replaceAll(/\x1b\[\d*m/g, ""), painted(line, false));
  }
});

Deno.test("titleOf() counts what is unread elsewhere, and in the chat while nobody looks", () => {
  const { client } = clientWith("hi");
  assertEquals(titleOf(client.model, true), "(1) alice");
  client.model.focus = client.model.chats.named("bob");
  assertEquals([titleOf(client.model, true), titleOf(client.model, false)], ["bob", "(1) bob"]);
});

Deno.test("jsonLine() has the fields of a message by name", () => {
  const { item } = clientWith('hi\n"you"');
  assertEquals(JSON.parse(jsonLine(item)), {
    event: "message",
    id: uuid(1),
    from: "bob",
    to: "alice",
    timestamp: "2023-11-14T22:13:21.000Z",
    text: 'hi\n"you"',
    status: "unread",
  });
  assertEquals(jsonLine(item).includes("\n"), false);
});

Deno.test("jsonLine() escapes what a terminal would obey, and means the same", () => {
  const text = "\x1b[31m \x9b5A \x7f \u202egp.exe \u2028";
  const { item } = clientWith(text);
  assertEquals(/[\p{Cc}\p{Zl}\p{Bidi_Control}]/u.test(jsonLine(item)), false);
  assertEquals(JSON.parse(jsonLine(item)).text, text);
});

/** Fields and line of every kind of data but messages: one without a row fails deno check. */
const JSON_LINES: {
  readonly [Kind in Exclude<ShownItem["kind"], "message">]: readonly [
    Omit<Extract<ShownItem, { kind: Kind }>, "kind">,
    string,
  ];
} = {
  status: [
    { ids: ["x"], status: "read", by: "bob" },
    '{"event":"status","ids":["x"],"status":"read","by":"bob"}',
  ],
  deleted: [{ ids: ["x"], by: "bob" }, '{"event":"deleted","ids":["x"],"by":"bob"}'],
  user: [
    { name: "bob", unread: 0, online: true },
    '{"event":"user","name":"bob","unread":0,"online":true}',
  ],
  blocked: [{ names: ["bob"] }, '{"event":"blocked","names":["bob"]}'],
  chat: [{ with: "bob", unread: 2 }, '{"event":"chat","with":"bob","unread":2}'],
  peer: [
    { name: "node2", state: "behind", behind: 12 },
    '{"event":"peer","name":"node2","state":"behind","behind":12}',
  ],
  copies: [
    { node: "node1", copies: 1, nodes: 2 },
    '{"event":"copies","node":"node1","copies":1,"nodes":2}',
  ],
  text: [{ text: "x" }, '{"event":"text","text":"x"}'],
};

Deno.test("jsonLine() has an event for every kind of data", () => {
  for (const [kind, [fields, line]] of Object.entries(JSON_LINES)) {
    assertEquals(jsonLine({ kind, ...fields } as ShownItem), line);
  }
});
