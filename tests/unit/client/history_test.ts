import { assertEquals, assertLess } from "@std/assert";
import { HELD_MAX, PAGE_MAX, pageProblem } from "../../../client/core/history.ts";
import type { HistoryWalk } from "../../../client/core/history_walk.ts";
import { nonsenseText } from "../../../client/terminal/words/losses.ts";
import type { Request } from "../../../common/protocol/requests.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import { FakeClient, told, uuid } from "./fake_client.ts";

type Page = Extract<Request, { name: "listMessages" }>["payload"] & {
  readonly limit?: number;
  readonly before?: string;
  readonly after?: string;
};

/** Answers requests for pages of a conversation until none is left; `change` comes before each. */
function serve(client: FakeClient, all: ChatMessage[], change: (asked: number) => void = () => {}): Page[] {
  const asked: Page[] = [];
  while (client.asked[0]?.name === "listMessages") {
    const page = client.asked[0].payload as Page;
    change(asked.push(page));
    const place = (id: string | undefined): number => all.findIndex((each) => each.id === id);
    const rest = page.after === undefined
      ? all.slice(0, page.before === undefined ? all.length : place(page.before))
      : all.slice(place(page.after) + 1);
    const limit = page.limit ?? 50;
    const messages = page.after === undefined ? rest.slice(-limit) : rest.slice(0, limit);
    client.reply("listMessages", "messages", { messages, more: rest.length > messages.length });
  }
  return asked;
}

function conversation(count: number): ChatMessage[] {
  return Array.from({ length: count }, (_, i) => told(i + 1, "bob", "alice", { status: "read" }));
}

function shown(client: FakeClient): readonly string[] {
  return client.effects.flatMap((effect) =>
    effect.kind === "show" && effect.item.kind === "message" ? [effect.item.message.id] : []
  );
}

function reader(): FakeClient {
  const client = new FakeClient({ script: true, receives: false });
  client.login();
  return client;
}

const LONG = HELD_MAX * 5 + 123;

Deno.test("a history of any length is shown oldest first, and only a part of it is held", () => {
  for (
    const [count, wanted] of [[LONG, LONG], [Infinity, LONG], [HELD_MAX + 1, HELD_MAX + 1], [7, 7]] as const
  ) {
    const client = reader();
    client.give({ kind: "history", with: "bob", count });
    const asked = serve(client, conversation(LONG));
    assertEquals(shown(client), conversation(LONG).slice(-wanted).map(({ id }) => id), `${count}`);
    const forward = asked.filter(({ after }) => after !== undefined).length;
    assertEquals(forward > 0, wanted > HELD_MAX);
    assertLess(asked.length, 2 * Math.ceil(wanted / PAGE_MAX) + 2);
  }
});

Deno.test("a history has nothing twice while messages come and go", () => {
  const client = reader();
  const all = conversation(LONG);
  client.give({ kind: "history", with: "bob", count: Infinity });
  let number = LONG;
  const asked = serve(client, all, (asked) => {
    all.push(told(++number, "bob", "alice", { status: "read" }));
    all.splice(asked * 3, 1);
  });
  const ids = shown(client);
  assertEquals(new Set(ids).size, ids.length);
  assertEquals([...ids].sort(), ids);
  // What came meanwhile is not part of it.
  assertEquals(ids.at(-1), uuid(LONG + 1));
  assertLess(LONG - asked.length, ids.length + 1);
});

Deno.test("a history of a time ends where the time does", () => {
  const client = reader();
  const all = conversation(2_000);
  const time = (number: number): number => told(number, "", "").timestamp;
  client.give({ kind: "history", with: "bob", count: Infinity, since: time(900), until: time(1_600) });
  assertEquals(serve(client, all).length, 3);
  assertEquals(shown(client), all.slice(899, 1_599).map(({ id }) => id));
  client.effects.length = 0;
  client.give({ kind: "history", with: "bob", count: 3, until: time(1_600) });
  serve(client, all);
  assertEquals(shown(client), [uuid(1_597), uuid(1_598), uuid(1_599)]);
  client.said();
  client.give({ kind: "history", with: "bob", count: 3, since: time(3_000) });
  serve(client, all);
  assertEquals(client.said(), ["-- no messages with bob in that time"]);
});

Deno.test("pageProblem() knows pages that no node can mean", () => {
  const range = { with: "Bob", count: Infinity };
  const edge = { id: uuid(5), timestamp: told(5, "", "").timestamp };
  const back: HistoryWalk = {
    range,
    direction: "back",
    held: [uuid(5), uuid(6)],
    met: 2,
    begins: false,
    edge,
  };
  const on: HistoryWalk = { ...back, direction: "on", held: [] };
  const page = (numbers: readonly number[], sender = "bob", more = true): (string | undefined)[] =>
    [back, on].map((walk) => {
      const messages = numbers.map((each) => told(each, sender, "alice"));
      const nonsense = pageProblem(walk, { messages, more });
      return nonsense && nonsenseText(nonsense);
    });
  assertEquals(page([3, 4])[0], undefined);
  assertEquals(page([6, 7])[1], undefined);
  assertEquals(page([], "bob", false), [undefined, undefined]);
  const empty = "an empty page says that more messages follow";
  assertEquals(page([]), [empty, empty]);
  assertEquals(page([7])[0], "a page has messages that are newer than the page before");
  assertEquals(page([4])[1], "a page is not in order");
  assertEquals(page([4, 3])[0], "a page is not in order");
  assertEquals(page([5]), Array(2).fill("a page has a message of the page before"));
  assertEquals(page([6])[0], "a page has a message of the page before");
  assertEquals(page([3], "carol")[0], "a page of Bob has a message from carol to alice");
});
