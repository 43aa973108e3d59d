import { assert, assertEquals } from "@std/assert";
import type { ChatMessage } from "../../../../common/protocol/shapes.ts";
import { historyRows } from "../../../../client/web/page/history_rows.ts";
import { newBelow } from "../../../../client/web/page/opened.ts";
import { told, uuid } from "../../client/fake_client.ts";
import { FakePage } from "./fake_page.ts";

/** Messages from bob, by number: read ones, unless they are more than that number. */
function from(first: number, last: number, read = Infinity): readonly ChatMessage[] {
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const number = first + index;
    return told(number, "bob", "alice", {
      status: number > read ? "delivered" : "read",
      senderAccount: "b0b1",
    });
  });
}

function entered(unread = 0, newest = 100): FakePage {
  const page = new FakePage();
  const last = told(newest, "bob", "alice", {
    senderAccount: "b0b1",
    status: unread > 0 ? "delivered" : "read",
  });
  page.enter({ with: "bob", unread, last });
  return page;
}

/** First and last number in the document. */
function ends({ document }: FakePage): readonly (number | undefined)[] {
  return [document[0], document.at(-1)];
}

Deno.test("a chat opens at its newest message", () => {
  const page = entered();
  page.open("bob", from(81, 100), true);
  assertEquals(ends(page), [81, 100]);
  assertEquals(page.page.opened?.unread, undefined);
  assertEquals(page.orderedOf("scroll").at(-1)?.target, { kind: "bottom" });
});

Deno.test("a chat with unread messages opens at the line above the first of them", () => {
  const page = entered(3);
  page.open("bob", from(81, 100, 97), true);
  assertEquals(page.orderedOf("scroll").at(-1)?.target, { kind: "unread" });
  const { opened } = page.page;
  assert(opened !== undefined);
  const rows = historyRows(page.page, opened);
  const line = rows.findIndex(({ kind }) => kind === "unread");
  assertEquals(rows[line], { kind: "unread", key: "unread", count: 3 });
  assertEquals(rows[line + 1]?.key, uuid(98));
});

Deno.test("a chat with many unread messages opens with a few screens, and more come below", () => {
  const page = entered(180, 300);
  page.open("bob", from(101, 300, 120), true);
  assertEquals(ends(page), [101, 170]);
  page.act({ kind: "nearEnd" });
  assertEquals(ends(page), [101, 220]);
});

Deno.test("the line of unread messages counts those below it, and moves up when older ones come", () => {
  const page = entered(150, 300);
  page.open("bob", from(201, 300, 0), true);
  const line = (): unknown => {
    assert(page.page.opened !== undefined);
    const rows = historyRows(page.page, page.page.opened);
    const place = rows.findIndex(({ kind }) => kind === "unread");
    const row = rows[place];
    return [row?.kind === "unread" && row.count, rows[place + 1]?.key];
  };
  assertEquals(line(), [100, uuid(201)]);
  page.act({ kind: "nearTop" });
  page.answerNames();
  page.reply("listMessages", "messages", { messages: from(101, 200, 150), more: true });
  for (let turn = 0; turn < 2; turn++) page.act({ kind: "nearTop" });
  assertEquals(line(), [150, uuid(151)]);
});

Deno.test("older pages of 50 come above, and what is beyond 200 below is let go", () => {
  const page = entered();
  page.open("bob", from(951, 1_000), true);
  for (let first = 901; first > 1; first -= 50) {
    page.act({ kind: "nearTop" });
    const request = page.reply("listMessages", "messages", { messages: from(first, first + 49), more: true });
    assertEquals(request.payload, { with: "bob", limit: 50, before: uuid(first + 50) });
    assertEquals(page.document[0], first);
    assert(page.document.length <= 200);
  }
  assertEquals(ends(page), [51, 250]);
  page.act({ kind: "nearTop" });
  page.act({ kind: "nearTop" });
  assertEquals(page.asked.filter(({ name }) => name === "listMessages").length, 1);
  page.reply("listMessages", "messages", { messages: from(1, 50), more: false });
  assertEquals(page.document[0], 1);
  page.act({ kind: "nearTop" });
  assertEquals(page.asked, []);
});

Deno.test("nearEnd brings the newer messages back, down to the newest", () => {
  const page = entered();
  page.open("bob", from(1, 1_000));
  assertEquals(ends(page), [951, 1_000]);
  for (let turn = 0; turn < 10; turn++) page.act({ kind: "nearTop" });
  assertEquals(ends(page), [451, 650]);
  for (let turn = 0; turn < 7; turn++) page.act({ kind: "nearEnd" });
  assertEquals(ends(page), [801, 1_000]);
  assertEquals(page.page.opened?.last, undefined);
  assertEquals(page.asked, []);
});

Deno.test("who is at the bottom stays there, and the document stays bounded", () => {
  const page = entered();
  page.open("bob", from(1, 100));
  for (let number = 101; number <= 400; number++) {
    page.push(told(number, "bob", "alice", { senderAccount: "b0b1" }));
  }
  assertEquals(ends(page), [201, 400]);
});

Deno.test("who is not at the bottom stays where they are, and sees how many are new", () => {
  const page = entered();
  page.open("bob", from(1, 100));
  page.act({ kind: "atBottom", isAtBottom: false });
  page.push(told(101, "bob", "alice", { senderAccount: "b0b1" }));
  page.push(told(102, "bob", "alice", { senderAccount: "b0b1" }));
  assert(page.page.opened !== undefined);
  assertEquals(newBelow(page.model, page.page.opened), 2);
  assertEquals(page.document[0], 51);
  for (let number = 103; number <= 400; number++) {
    page.push(told(number, "bob", "alice", { senderAccount: "b0b1" }));
  }
  assertEquals(ends(page), [51, 250]);
  page.ordered();
  page.act({ kind: "toBottom" });
  assertEquals(newBelow(page.model, page.page.opened), 0);
  assertEquals(ends(page), [351, 400]);
  assertEquals(page.orderedOf("scroll").map(({ target }) => target), [{ kind: "bottom" }]);
});

Deno.test("the end of a document that does not end with the newest message is no bottom", () => {
  const page = entered();
  page.open("bob", from(1, 1_000));
  for (let turn = 0; turn < 10; turn++) page.act({ kind: "nearTop" });
  page.act({ kind: "atBottom", isAtBottom: false });
  page.act({ kind: "atBottom", isAtBottom: true });
  assertEquals(page.page.opened?.isAtBottom, false);
});

Deno.test("the document survives the deletion of its first and last message", () => {
  const page = entered();
  page.open("bob", from(1, 1_000));
  for (let turn = 0; turn < 10; turn++) page.act({ kind: "nearTop" });
  const push = { name: "deleted", payload: { ids: [uuid(451), uuid(650)], by: "bob" } } as const;
  page.give({ kind: "push", push });
  assertEquals(ends(page).map((each) => each !== undefined), [true, true]);
  assertEquals(page.document[0], 452);
  assert(page.document.length <= 200);
});

Deno.test("historyRows() groups the messages of one sender within 5 minutes, under the days", () => {
  const page = entered();
  const at = (number: number, seconds: number, sender: "alice" | "bob"): ChatMessage =>
    told(number, sender, sender === "bob" ? "alice" : "bob", {
      timestamp: 1_700_006_400 + seconds,
      status: "read",
      ...(sender === "bob" ? { senderAccount: "b0b1" } : { recipientAccount: "b0b1" }),
    });
  page.open("bob", [
    at(1, 0, "bob"),
    at(2, 10, "bob"),
    at(3, 20, "alice"),
    at(4, 30, "bob"),
    at(5, 320, "bob"),
    at(6, 86_400, "bob"),
  ]);
  assert(page.page.opened !== undefined);
  const rows = historyRows(page.page, page.page.opened);
  const shown = rows.map((row) =>
    row.kind === "message" ? `${row.message.id.slice(-1)}${row.begins ? "+" : ""}` : row.kind
  );
  assertEquals(shown, ["day", "1+", "2", "3+", "4+", "5+", "day", "6+"]);
  assertEquals(rows.flatMap((row) => row.kind === "message" && row.isLastOwn ? row.key : []), [uuid(3)]);
});

Deno.test("a message of a search opens its chat at that message, however far back it is", () => {
  const page = entered();
  page.act({ kind: "went", hash: "#/search" });
  page.act({ kind: "wordsTyped", text: " text " });
  page.act({ kind: "searchSubmitted" });
  const request = page.reply("search", "found", { messages: from(7, 7), more: false });
  assertEquals(request.payload, { words: "text", limit: 20 });
  assertEquals(page.page.search.found, [uuid(7)]);
  page.act({ kind: "openAt", id: uuid(7) });
  page.answerNames();
  page.reply("listMessages", "messages", { messages: from(951, 1_000), more: true });
  page.reply("listMessages", "messages", { messages: from(451, 950), more: true });
  page.reply("listMessages", "messages", { messages: from(1, 450), more: false });
  assert(page.document.includes(7));
  assertEquals(page.page.opened?.chosen, uuid(7));
  assertEquals(page.orderedOf("scroll").at(-1)?.target, { kind: "message", id: uuid(7) });
  assertEquals(page.page.target, undefined);
  assertEquals(page.asked.filter(({ name }) => name === "listMessages"), []);
});

Deno.test("a message that is not there any more is not looked for again and again", () => {
  const page = entered();
  page.open("bob", from(951, 1_000), true);
  page.act({ kind: "went", hash: "#/search" });
  page.act({ kind: "wordsTyped", text: "text" });
  page.act({ kind: "searchSubmitted" });
  page.answerNames();
  page.reply("search", "found", { messages: from(7, 7), more: false });
  page.act({ kind: "openAt", id: uuid(7) });
  assertEquals(page.page.target, { id: uuid(7), isAsked: true });
  page.act({ kind: "nearTop" });
  assertEquals(page.asked.map(({ name }) => name), ["listMessages"]);
  page.reply("listMessages", "messages", { messages: [...from(1, 6), ...from(8, 400)], more: true });
  assertEquals([page.page.target, page.asked], [undefined, []]);
  page.act({ kind: "openAt", id: uuid(7) });
  assertEquals(page.page.target, undefined);
});

Deno.test("a message of a search is shown once its chat is on the screen", () => {
  const page = entered();
  page.open("bob", from(1, 100));
  page.act({ kind: "went", hash: "#/search" });
  page.ordered();
  page.act({ kind: "openAt", id: uuid(60) });
  assertEquals(page.ordered().map(({ kind }) => kind), ["go", "scroll", "focus"]);
  assertEquals(page.page.opened?.chosen, uuid(60));
});

Deno.test("a message of a search that was deleted meanwhile opens nothing", () => {
  const page = entered();
  page.open("bob", from(1, 100));
  page.give({ kind: "push", push: { name: "deleted", payload: { ids: [uuid(7)], by: "bob" } } });
  page.ordered();
  page.act({ kind: "openAt", id: uuid(7) });
  assertEquals(page.ordered(), []);
});

Deno.test("a chat that was left stays as it was, unless something is unread", () => {
  const page = entered();
  page.open("bob", from(1, 100));
  page.act({ kind: "nearTop" });
  page.act({ kind: "went", hash: "#/people" });
  page.act({ kind: "went", hash: "#/chat/bob" });
  assertEquals(page.asked, []);
  assertEquals(page.document[0], 1);
  page.act({ kind: "went", hash: "#/people" });
  page.push(told(101, "bob", "alice", { senderAccount: "b0b1" }));
  page.act({ kind: "went", hash: "#/chat/bob" });
  assertEquals(page.asked.map(({ name }) => name).includes("listMessages"), true);
  assertEquals(page.page.opened?.unread?.count, 1);
});

Deno.test("there is nobody of that name", () => {
  const page = entered();
  page.act({ kind: "went", hash: "#/chat/nobody" });
  page.answerNames();
  page.refuse("listMessages", "unknown-user");
  assertEquals(page.page.nobody, "nobody");
  assertEquals(page.page.opened, undefined);
  page.act({ kind: "went", hash: "#/" });
  assertEquals(page.page.nobody, undefined);
});

Deno.test("a chat in the address opens once more when its unread messages are counted", () => {
  const page = new FakePage();
  page.give({ kind: "start", user: "alice", token: "t" });
  page.act({ kind: "went", hash: "#/chat/bob" });
  page.connect();
  page.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 40, account: "a11ce" });
  const told40 = Array.from({ length: 40 }, (_, i) => told(i + 1, "bob", "alice", { senderAccount: "b0b" }));
  const [last] = told40.slice(-1);
  if (last === undefined) throw new Error("there is no last one");
  page.reply("listMessages", "messages", { messages: told40.slice(20), more: true });
  assertEquals([page.page.opened?.isAtBottom, page.page.opened?.unread], [true, undefined]);
  page.reply("listChats", "chats", {
    chats: [{ with: "bob", account: "b0b", unread: 40, last }],
    more: false,
  });
  assertEquals(page.asked[0]?.payload, { undelivered: true, limit: 500 });
  page.reply("listMessages", "messages", { messages: told40, more: false });
  page.answerNames();
  while (page.asked[0]?.name === "confirmDelivery") page.reply("confirmDelivery", "ok", null);
  assertEquals(page.asked[0]?.payload, { with: "bob", limit: 40 });
  page.ordered();
  page.reply("listMessages", "messages", { messages: told40, more: false });
  assertEquals([page.page.opened?.unread?.from.id, page.page.opened?.unread?.count], [told40[0]?.id, 40]);
  assertEquals(page.orderedOf("scroll").at(-1)?.target, { kind: "unread" });
});
