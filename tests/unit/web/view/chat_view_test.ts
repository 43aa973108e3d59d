import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SAVED_TEXT_BYTES } from "../../../../client/core/saved_parts.ts";
import { DEFAULT_LIMITS } from "../../../../common/limits.ts";
import { told, uuid } from "../../client/fake_client.ts";
import { FakePage, NOW } from "../page/fake_page.ts";
import { hostileTexts } from "./hostile_texts.ts";
import { drawn, elementsOf, wordsOf } from "./rendered.ts";
import { assertFrame, fromBob, talking } from "./talking_page.ts";

Deno.test("a chat shows its messages in groups, under the days, and is one stop of Tab", () => {
  const page = talking(
    fromBob(1),
    fromBob(2),
    told(3, "alice", "bob", { status: "read", timestamp: NOW, recipientAccount: "b0b1" }),
  );
  const html = drawn(page);
  assertFrame(html);
  assertEquals(elementsOf(html, "day").map(wordsOf), ["Today"]);
  const messages = elementsOf(html, "message");
  assertEquals(messages.length, 3);
  assertEquals(messages.map((each) => /tabindex="(-?\d)"/.exec(each)?.[1]), ["-1", "-1", "0"]);
  const id = uuid(3);
  assertStringIncludes(messages[2] ?? "", `aria-labelledby="who-${id} text-${id} time-${id} state-${id}"`);
  assertStringIncludes(wordsOf(messages[2] ?? ""), "text 3 read");
  for (const message of messages) {
    const buttons = [...message.matchAll(/<button[^>]*>/g)].map(([button]) => button);
    assert(buttons.length > 0 && buttons.every((button) => button.includes('tabindex="-1"')));
  }
});

Deno.test("the composer says by how much a text is too long, and of one that no draft can hold that a reload loses it", () => {
  const page = talking();
  const { contentBytes } = DEFAULT_LIMITS;
  const texts: readonly (readonly [length: number, said: string])[] = [
    [contentBytes, ""],
    [contentBytes + 1, "1 byte too long"],
    [SAVED_TEXT_BYTES, `${(SAVED_TEXT_BYTES - contentBytes).toLocaleString("en")} bytes too long`],
    [
      SAVED_TEXT_BYTES + 1,
      `${(SAVED_TEXT_BYTES + 1 - contentBytes).toLocaleString("en")} bytes too long. ` +
      "Over 65,536 bytes, a text is lost with a reload.",
    ],
    [1, ""],
  ];
  for (const [length, said] of texts) {
    page.act({ kind: "typed", text: "x".repeat(length) });
    assertEquals(wordsOf(elementsOf(drawn(page), "excess").join()), said);
  }
});

Deno.test("the state of an own message is a named icon, or a word", () => {
  const page = talking();
  const states = [] as string[];
  page.act({ kind: "typed", text: "hello" });
  page.act({ kind: "send" });
  const state = (): string => wordsOf(elementsOf(drawn(page), "state").at(-1) ?? "");
  states.push(state());
  page.reply("sendMessage", "sent", { id: uuid(900), timestamp: NOW, copies: 2, nodes: 3, account: "b0b1" });
  states.push(state());
  for (const status of ["delivered", "read"] as const) {
    page.give({ kind: "push", push: { name: "status", payload: { ids: [uuid(900)], status, by: "bob" } } });
    states.push(state());
  }
  assertEquals(states, ["waiting", "sent", "delivered", "read"]);
});

Deno.test("a message that was refused shows the reason and the ways out", () => {
  const page = talking();
  page.act({ kind: "typed", text: "hello" });
  page.act({ kind: "send" });
  page.reply("sendMessage", "error", { code: "inbox-full", message: "the inbox of bob is full" });
  const html = drawn(page);
  assertFrame(html);
  assertEquals(
    wordsOf(elementsOf(html, "ways-out")[0] ?? ""),
    "Not sent: The inbox of bob is full. Try again Edit Discard",
  );
  // It is said where it stands, and nowhere else.
  assertEquals(elementsOf(html, "told"), []);
});

Deno.test("unread messages have a line above them, and a count in the list and the tab", () => {
  const page = new FakePage();
  const last = fromBob(3, { status: "delivered" });
  page.enter({ with: "bob", unread: 2, last });
  assertEquals(elementsOf(drawn(page), "badge").map(wordsOf), ["2 2 unread messages", "2 2 unread messages"]);
  page.open("bob", [fromBob(1), fromBob(2, { status: "delivered" }), last]);
  assertEquals(elementsOf(drawn(page), "unread-line").map(wordsOf), ["2 new messages"]);
});

Deno.test("who is not at the bottom has a button that says how many are new", () => {
  const page = talking();
  page.act({ kind: "atBottom", isAtBottom: false });
  assertStringIncludes(elementsOf(drawn(page), "to-bottom")[0] ?? "", 'aria-label="To the newest message"');
  page.push(fromBob(5, { status: "unread" }));
  assertEquals(elementsOf(drawn(page), "to-bottom").map(wordsOf), ["1 new message"]);
});

Deno.test("a text that is too long turns Send off, and says by how much", () => {
  const page = talking();
  page.act({ kind: "typed", text: "x".repeat(16_384 + 7) });
  const html = drawn(page);
  assertStringIncludes(wordsOf(html), "7 bytes too long");
  assert(/<button type="submit" class="send"[^>]*disabled/.test(html));
});

Deno.test("details say on how many nodes an own message is", () => {
  const page = talking();
  page.act({ kind: "typed", text: "hello" });
  page.act({ kind: "send" });
  page.reply("sendMessage", "sent", { id: uuid(900), timestamp: NOW, copies: 2, nodes: 3, account: "b0b1" });
  page.act({ kind: "details", id: uuid(900) });
  assertStringIncludes(wordsOf(drawn(page)), "State sent, on 2 of 3 nodes");
});

Deno.test("new messages of others are in the log, and no own ones", () => {
  const page = talking();
  page.push(fromBob(5, { status: "unread", content: "hi" }));
  page.push(told(6, "carol", "alice", { senderAccount: "ca" }));
  const log = /role="log"[^>]*>(.*?)<\/div>/.exec(drawn(page))?.[1] ?? "";
  assertEquals(wordsOf(log), "bob: hi New message from carol");
});

Deno.test("a former account says that nothing reaches it", () => {
  const page = talking();
  page.give({
    kind: "push",
    push: { name: "user", payload: { name: "bob", change: "deleted", account: "b0b1" } },
  });
  const html = drawn(page);
  assertFrame(html);
  assertStringIncludes(wordsOf(html), "This account is gone.");
});

Deno.test("hostile texts and names stay text on the whole page", () => {
  const texts = hostileTexts().filter(({ length }) => length < 2_000);
  const name = "bob~<b>\u202e";
  const messages = texts.map((content, index) =>
    told(index + 1, name, "alice", {
      senderAccount: "b0b1",
      status: "read",
      timestamp: NOW - 1_000 + index,
      content,
    })
  );
  const page = new FakePage();
  page.enter({ with: name, unread: 0, last: messages.at(-1) ?? fromBob(1) });
  page.act({ kind: "went", hash: `#/chat/${encodeURIComponent(name)}` });
  page.answerNames();
  page.reply("listMessages", "messages", { messages, more: false });
  const known = new Set(elementNames(drawn(talking())));
  let shown = 0;
  for (let turn = 0; turn < 10; turn++) {
    const html = drawn(page);
    shown += elementsOf(html, "message").length;
    for (const element of elementNames(html)) assert(known.has(element) || element === "a", element);
    assert(!/[\p{Cc}\p{Bidi_Control}]/u.test(html.replaceAll("\n", "")), "a character that could deceive");
    page.act({ kind: "nearTop" });
  }
  assert(shown > 200);
  console.log(`${texts.length} texts on a page, ${shown} messages drawn`);
});

function elementNames(html: string): readonly string[] {
  return [...html.matchAll(/<\/?([^\s>]*)(?:"[^"]*"|[^>"])*>/g)].map((match) => match[1] ?? "");
}
