import { assertEquals } from "@std/assert";
import type { ChatMessage } from "../../../../common/protocol/shapes.ts";
import type { Input } from "../../../../client/core/inputs.ts";
import { chatRows, keyOf, peopleWanted } from "../../../../client/web/page/lists.ts";
import { told, uuid } from "../../client/fake_client.ts";
import { FakePage } from "./fake_page.ts";

function chat(number: number, name: string, unread = 0): { with: string; unread: number; last: ChatMessage } {
  const status = unread > 0 ? "delivered" : "read";
  return { with: name, unread, last: told(number, name, "alice", { senderAccount: `of ${name}`, status }) };
}

/** alice with chats with bob, carol and dan, the newest first. */
function entered(): FakePage {
  const page = new FakePage();
  page.enter(chat(3, "bob"), chat(2, "carol", 2), chat(1, "dan"));
  return page;
}

function rows({ page }: FakePage): readonly string[] {
  return chatRows(page).chats.map(({ name }) => name);
}

/** Payloads of the requests of a name. */
function payloads(page: FakePage, name: string): readonly unknown[] {
  return page.asked.filter((each) => each.name === name).map(({ payload }) => payload);
}

Deno.test("chatRows() has the chat with the newest message first", () => {
  const page = entered();
  assertEquals(rows(page), ["bob", "carol", "dan"]);
  page.push(told(9, "dan", "alice", { senderAccount: "of dan" }));
  assertEquals(rows(page), ["dan", "bob", "carol"]);
});

Deno.test("chatRows() has chats without messages while they are open, or drafted", () => {
  const page = entered();
  page.open("eve", []);
  assertEquals(rows(page), ["eve", "bob", "carol", "dan"]);
  page.act({ kind: "typed", text: "dear" });
  page.open("bob", [chat(3, "bob").last]);
  assertEquals(rows(page), ["eve", "bob", "carol", "dan"]);
  page.open("eve", []);
  page.act({ kind: "typed", text: "" });
  page.open("bob", [chat(3, "bob").last]);
  assertEquals(rows(page), ["bob", "carol", "dan"]);
});

Deno.test("chatRows() filters by what is typed, and shows only so many", () => {
  const page = entered();
  page.act({ kind: "findTyped", text: " A " });
  assertEquals(rows(page), ["carol", "dan"]);
  page.act({ kind: "findTyped", text: "" });
  page.page.chatsShown = 2;
  assertEquals([rows(page), chatRows(page.page).hasMore], [["bob", "carol"], true]);
  page.act({ kind: "moreChats" });
  assertEquals([rows(page).length, chatRows(page.page).hasMore], [3, false]);
});

Deno.test("openFirst opens the chat of the name, or else the first that is found", () => {
  const page = entered();
  const opened = (text: string): string | undefined => {
    page.act({ kind: "went", hash: "#/" });
    page.act({ kind: "findTyped", text });
    page.model.people.takePage(
      text.startsWith("z")
        ? ["zoe", "zo"].map((name) => ({ name, account: name, online: true, unread: 0 }))
        : [],
      false,
      true,
    );
    page.act({ kind: "openFirst" });
    assertEquals(page.page.find, text.trim() === "" ? text : "");
    return page.orderedOf("go").at(-1)?.hash;
  };
  assertEquals(opened(" "), undefined);
  assertEquals(opened("a"), "#/chat/carol");
  assertEquals(opened("DAN "), "#/chat/dan");
  assertEquals(opened("zo"), "#/chat/zo");
  assertEquals(opened("z"), "#/chat/zo");
  // No node has told it yet.
  assertEquals(opened("newcomer"), "#/chat/newcomer");
});

Deno.test("stepChat goes up and down in the list, and to unread ones", () => {
  const page = entered();
  const step = (by: -1 | 1, unreadOnly = false): string | undefined => {
    page.act({ kind: "stepChat", by, unreadOnly });
    return page.orderedOf("go").at(-1)?.hash;
  };
  assertEquals(step(1), "#/chat/bob");
  assertEquals(step(1, true), "#/chat/carol");
  assertEquals(step(1), "#/chat/dan");
  assertEquals(step(1), undefined);
  assertEquals(step(-1), "#/chat/carol");
  assertEquals(step(-1), "#/chat/bob");
  assertEquals(step(-1), undefined);
});

Deno.test("markRead marks a chat as read", () => {
  const page = entered();
  const carol = page.model.chats.named("carol");
  assertEquals(carol && keyOf(carol), "of carol");
  page.act({ kind: "markRead", key: "of carol" });
  assertEquals(payloads(page, "readMessages"), [{ with: "carol" }]);
  page.act({ kind: "markRead", key: "of nobody" });
  assertEquals(payloads(page, "readMessages").length, 1);
});

Deno.test("peopleWanted() is the part of the list that is on the screen", () => {
  const page = entered();
  assertEquals(peopleWanted(page.page), undefined);
  page.act({ kind: "findTyped", text: " bo " });
  assertEquals(peopleWanted(page.page), { match: "*bo*", count: 20 });
  page.act({ kind: "went", hash: "#/people" });
  assertEquals(peopleWanted(page.page), { count: 100 });
  page.act({ kind: "morePeople" });
  page.act({ kind: "morePeople" });
  assertEquals(peopleWanted(page.page), { count: 400 });
  page.act({ kind: "peopleTyped", text: "x".repeat(1_000) });
  assertEquals(peopleWanted(page.page), { match: `*${"x".repeat(100)}*`, count: 100 });
  page.act({ kind: "went", hash: "#/search" });
  assertEquals(peopleWanted(page.page), undefined);
});

Deno.test("people in pages: beyond 500 rows the next page comes, and the first one again", () => {
  const page = entered();
  page.act({ kind: "went", hash: "#/people" });
  for (let times = 0; times < 3; times++) page.act({ kind: "morePeople" });
  assertEquals(peopleWanted(page.page)?.count, 500);
  page.model.people.takePage([{ name: "zoe", account: "z", online: true, unread: 0 }], true, true);
  page.act({ kind: "morePeople" });
  assertEquals(peopleWanted(page.page), { after: "zoe", count: 500 });
  page.act({ kind: "firstPeople" });
  assertEquals(peopleWanted(page.page), { count: 100 });
});

Deno.test("settle() tells the core who is on the screen, once for each change", () => {
  const page = entered();
  const looks: Input[] = [];
  const give = page.give.bind(page);
  page.give = (input, cause) => {
    if (input.kind === "lookAt") looks.push(input);
    give(input, cause);
  };
  page.act({ kind: "went", hash: "#/people" });
  page.pass(1);
  page.act({ kind: "went", hash: "#/" });
  assertEquals(looks, [
    { kind: "lookAt", people: { count: 100, match: undefined }, names: [] },
    { kind: "lookAt", names: ["bob", "carol", "dan"] },
  ]);
});

Deno.test("a search shows what it has found, and goes on behind it", () => {
  const page = entered();
  page.act({ kind: "went", hash: "#/search/bob" });
  page.act({ kind: "searchSubmitted" });
  assertEquals(payloads(page, "search"), []);
  page.act({ kind: "wordsTyped", text: "text" });
  page.act({ kind: "searchSubmitted" });
  const found = Array.from(
    { length: 20 },
    (_, index) => told(50 - index, "bob", "alice", { senderAccount: "of bob" }),
  );
  page.answerNames();
  page.reply("search", "found", { messages: found, more: true });
  const { search } = page.page;
  assertEquals([search.found.length, search.hasMore, search.isBusy], [20, true, false]);
  page.act({ kind: "searchOn" });
  page.act({ kind: "searchOn" });
  assertEquals(payloads(page, "search"), [{ words: "text", with: "bob", limit: 20, before: uuid(31) }]);
  while (page.asked[0]?.name === "confirmDelivery") page.reply("confirmDelivery", "ok", null);
  page.reply("search", "found", {
    messages: [told(7, "bob", "alice", { senderAccount: "of bob" })],
    more: false,
  });
  assertEquals([page.page.search.found.length, page.page.search.hasMore], [21, false]);
  page.act({ kind: "went", hash: "#/search" });
  assertEquals(page.page.search.found, []);
});

Deno.test("a search that is refused says so in its place", () => {
  const page = entered();
  page.act({ kind: "went", hash: "#/search" });
  page.act({ kind: "wordsTyped", text: "text" });
  page.act({ kind: "searchSubmitted" });
  page.refuse("search", "busy");
  assertEquals([page.page.search.failure?.kind, page.page.search.isBusy], ["refused", false]);
  assertEquals(page.page.told, []);
  page.act({ kind: "searchOn" });
  assertEquals(page.asked.length, 1);
});

Deno.test("about asks the node for its peers, and shows them", () => {
  const page = entered();
  page.act({ kind: "went", hash: "#/about" });
  const peers = [{ name: "node2", state: "in sync", behind: 0 }] as const;
  page.reply("nodeStatus", "clusterStatus", { node: "node1", copies: 2, nodes: 2, peers });
  assertEquals(page.page.status?.copies, 2);
  assertEquals(page.page.status?.peers.map(({ name }) => name), ["node2"]);
  page.act({ kind: "refreshStatus" });
  page.reply("nodeStatus", "clusterStatus", { node: "node1", copies: 1, nodes: 2, peers: [] });
  assertEquals([page.page.status?.copies, page.page.status?.peers], [1, []]);
  page.act({ kind: "refreshStatus" });
  page.refuse("nodeStatus", "unknown-request");
  assertEquals(page.page.told, []);
});
