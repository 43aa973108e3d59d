import { assertEquals } from "@std/assert";
import { FOUND_MAX, foundProblem } from "../../../client/core/search.ts";
import type { SearchWalk } from "../../../client/core/search_walk.ts";
import { complete } from "../../../client/terminal/commands/completion.ts";
import { nonsenseText } from "../../../client/terminal/words/losses.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import { FakeClient, told, uuid } from "./fake_client.ts";

/** alice at a node that can search. */
function searcher(script = false): FakeClient {
  const client = new FakeClient({ script });
  client.features = ["search"];
  client.login();
  return client;
}

/** The message with this number, read already: bob and alice write in turn. */
function message(number: number): ChatMessage {
  const [sender, recipient] = number % 2 === 0 ? ["bob", "alice"] as const : ["alice", "bob"] as const;
  return told(number, sender, recipient, { status: "read" });
}

/** Answers the search that is asked with these messages, newest first. */
function answer(client: FakeClient, numbers: readonly number[], more = false): unknown {
  return client.reply("search", "found", { messages: numbers.map(message), more }).payload;
}

Deno.test("/search shows what is found with the newest last, outside of the chat with its other end", () => {
  const client = searcher();
  client.line("/search crème brûlée");
  assertEquals(answer(client, [4, 3]), { words: "crème brûlée", limit: 20 });
  assertEquals(client.said(), [
    "-- found for crème brûlée: 2 messages",
    "#a1 =  alice to bob> text 3",
    "#a2 bob> text 4",
  ]);
  client.line("/search nothing");
  answer(client, []);
  assertEquals(client.said(), ["-- found for nothing: nothing"]);
});

Deno.test("/search WORDS from NAME searches one chat", () => {
  const client = searcher();
  const cases: readonly [string, unknown][] = [
    ["/search hi from bob", { words: "hi", limit: 20, with: "bob" }],
    ["/search  hi   there  from  bob ", { words: "hi   there", limit: 20, with: "bob" }],
    ["/search from here from bob", { words: "from here", limit: 20, with: "bob" }],
    ["/search from here", undefined],
    ["/search afrom bob", { words: "afrom bob", limit: 20 }],
    ["/search hi from", { words: "hi from", limit: 20 }],
  ];
  for (const [line, payload] of cases) {
    client.line(line);
    assertEquals(client.asked[0]?.payload, payload, line);
    if (payload !== undefined) answer(client, []);
  }
});

/** The numbers of a whole page, the first of them this one. */
function page(first: number): readonly number[] {
  return Array.from({ length: 20 }, (_, i) => first - i);
}

Deno.test("/more goes on with the search, until a chat is shown", () => {
  const client = searcher();
  client.line("/search hi from bob");
  answer(client, page(60), true);
  assertEquals(client.said().slice(-2), ["#c2 bob> text 60", "-- there are older ones: /more"]);
  client.line("/more");
  assertEquals(answer(client, page(40), true), { words: "hi", limit: 20, with: "bob", before: uuid(41) });
  const said = client.said();
  assertEquals([said.length, said[0]], [22, "-- found for hi with bob: 20 older messages"]);
  client.line("/more");
  assertEquals(answer(client, []), { words: "hi", limit: 20, with: "bob", before: uuid(21) });
  assertEquals(client.said(), ["-- found for hi with bob: nothing older"]);
  client.line("/more");
  assertEquals(client.said(), ["!! no chat is chosen; /chat USER chooses one"]);
});

Deno.test("/more goes on with the chat that was shown since the search", () => {
  for (const line of ["/history", "/chat bob"]) {
    const client = searcher();
    client.open("bob", message(60));
    client.line("/search hi");
    answer(client, page(60), true);
    client.line(line);
    client.reply("listMessages", "messages", { messages: [message(60)], more: false });
    if (client.asked[0]?.name === "listUsers") client.reply("listUsers", "users", { users: [], more: false });
    client.line("/more");
    assertEquals(client.asked.map(({ name }) => name), ["listMessages"], line);
  }
});

Deno.test("/more repeats a page of a search that was refused", () => {
  const client = searcher();
  client.line("/search hi");
  answer(client, page(60), true);
  client.line("/more");
  client.reply("search", "error", { code: "busy", message: "too many searches wait", retryAfter: 1.5 });
  assertEquals(client.said().slice(-1), ["!! too many searches wait; try again in 2 s"]);
  client.line("/more");
  assertEquals(answer(client, [8]), { words: "hi", limit: 20, before: uuid(41) });
});

Deno.test("a search asks for pages until there are as many as wanted", () => {
  const client = searcher(true);
  client.give({ kind: "search", words: "hi", count: 250 });
  const numbers = Array.from({ length: 400 }, (_, i) => 400 - i);
  const limits: unknown[] = [];
  for (let at = 0; client.asked[0]?.name === "search";) {
    const { limit } = client.asked[0].payload as { limit: number };
    limits.push(answer(client, numbers.slice(at, at + limit), true));
    at += limit;
  }
  assertEquals(limits, [
    { words: "hi", limit: 100 },
    { words: "hi", limit: 100, before: uuid(301) },
    { words: "hi", limit: 50, before: uuid(201) },
  ]);
  const said = client.said();
  assertEquals([said.length, said[0]], [252, "-- found for hi: 250 messages"]);
  assertEquals(said[1]?.endsWith("text 151"), true);
  assertEquals(said.at(-2)?.endsWith("text 400"), true);
});

Deno.test("a search shows nothing that was deleted meanwhile", () => {
  const client = searcher(true);
  client.give({ kind: "search", words: "hi", count: FOUND_MAX });
  answer(client, [9, 8], true);
  client.give({ kind: "push", push: { name: "deleted", payload: { ids: [uuid(9), uuid(7)], by: "bob" } } });
  client.said();
  answer(client, [7, 6]);
  assertEquals(client.said().map((line) => line.replace(/^.*> /, "")), [
    "-- found for hi: 2 messages",
    "text 6",
    "text 8",
  ]);
});

Deno.test("a search confirms what it shows: as read only in the chat that is open", () => {
  const client = searcher();
  client.open("bob");
  client.line("/search hi");
  const messages = [told(5, "carol", "alice"), told(4, "bob", "alice")];
  client.reply("search", "found", { messages, more: false });
  assertEquals(client.asked.map(({ name, payload }) => [name, payload]), [
    ["confirmDelivery", { ids: [uuid(4), uuid(5)] }],
    ["readMessages", { with: "bob", ids: [uuid(4)] }],
  ]);
});

Deno.test("/history before #ID shows the place of what was found, whatever chat is open", () => {
  const client = searcher();
  client.line("/search hi");
  client.reply("search", "found", { messages: [told(5, "carol", "alice", { status: "read" })], more: false });
  client.open("bob");
  client.line("/history 3 before #a1");
  assertEquals(client.asked[0]?.payload, { with: "carol", limit: 3, before: uuid(5) });
});

Deno.test("a node without the feature is asked for no search, and the person is told", () => {
  const client = new FakeClient();
  client.features = ["account-ids"];
  client.login();
  client.line("/search hi");
  assertEquals(client.asked, []);
  assertEquals(client.said(), ["!! node1 cannot search; /node lists the nodes, and goes on with another"]);
});

Deno.test("a search that waits for a node goes to the next one only if that can search", () => {
  for (const features of [undefined, ["search"]]) {
    const client = searcher();
    client.line("/search hi");
    client.disconnect();
    client.features = features;
    client.connect("node2");
    client.said();
    client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
    const asked = client.asked.some(({ name }) => name === "search");
    const told = client.said().filter((line) => line.startsWith("!! node2 cannot search"));
    assertEquals([asked, told.length], features === undefined ? [false, 1] : [true, 0]);
  }
});

Deno.test("foundProblem() knows pages that no node can mean", () => {
  const problem = (
    messages: readonly ChatMessage[],
    more = false,
    walk: Partial<SearchWalk> = {},
  ): string | undefined => {
    const range = { words: "hi", with: "Bob", count: 9 };
    const edge = { id: uuid(6), timestamp: message(6).timestamp };
    const nonsense = foundProblem({ range, found: [7, 6].map(message), edge, ...walk }, { messages, more });
    return nonsense && nonsenseText(nonsense);
  };
  assertEquals(problem([5, 4, 4 - 1].map(message)), undefined);
  assertEquals(problem([]), undefined);
  assertEquals(problem([], true), "an empty page says that more messages follow");
  assertEquals(problem([6].map(message)), "a search finds a message twice");
  assertEquals(problem([5, 5].map(message)), "a search finds a message twice");
  assertEquals(
    problem([7].map((number) => ({ ...message(number), timestamp: 1 }))),
    "a search finds a message twice",
  );
  assertEquals(problem([8].map(message)), "a page of a search is not in order");
  assertEquals(problem([4, 5].map(message)), "a page of a search is not in order");
  const other = "a search with Bob finds a message from carol to alice";
  assertEquals(problem([told(3, "carol", "alice")]), other);
  const all = { range: { words: "hi", count: 9 } };
  assertEquals(problem([told(3, "carol", "alice")], false, all), undefined);
});

Deno.test("a search takes two messages with one id, which a split may leave behind", () => {
  const client = searcher(true);
  client.give({ kind: "search", words: "hi", count: 250 });
  const twin = (sender: string): ChatMessage => told(5, sender, "alice", { status: "read" });
  client.reply("search", "found", { messages: [twin("bob"), twin("carol"), message(4)], more: true });
  client.reply("search", "found", { messages: [message(3)], more: false });
  assertEquals(client.said().length, 4, "the model has one of the two");
  assertEquals(client.effects, []);
});

Deno.test("a node whose searches make no sense is left", () => {
  const client = searcher();
  client.line("/search hi");
  answer(client, [3, 4]);
  const reason = { kind: "nonsense", nonsense: { kind: "unorderedPage", found: true } } as const;
  assertEquals(client.effects.at(-1), { kind: "moveOn", reason });
});

Deno.test("complete() offers names behind from in a search", () => {
  const client = searcher();
  client.open("bob", message(2));
  assertEquals(complete(client.model, "/search hi from b").text, "/search hi from bob ");
  assertEquals(complete(client.model, "/search hi b").text, "/search hi b");
  assertEquals(complete(client.model, "/se").text, "/search ");
});
