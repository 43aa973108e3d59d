import { assertEquals } from "@std/assert";
import { type Kept, KEPT_CHATS, KEPT_MESSAGES, keptOf, keptRevision } from "../../../client/core/kept.ts";
import { FakeClient, uuid } from "./fake_client.ts";
import { enter, resume, saver } from "./saving_client.ts";
import { BOB, fromBob } from "./talking_client.ts";

/** What is kept of a client, through JSON. */
function kept({ model }: FakeClient): Kept {
  return JSON.parse(JSON.stringify(keptOf(model)));
}

/** alice, to whom bob has written so many messages. */
function written(count: number): FakeClient {
  const client = saver();
  enter(client);
  for (let i = 1; i <= count; i++) client.push(fromBob(i, BOB));
  return client;
}

/** A node tells that a message was deleted. */
function erase(client: FakeClient, number: number): void {
  const payload = { ids: [uuid(number)], by: "bob" };
  client.give({ kind: "push", push: { name: "deleted", payload } });
}

/** A client of alice that begins with what was kept; no node is there. */
function recalling(value: unknown): FakeClient {
  const client = new FakeClient({ saves: true });
  client.features = ["account-ids"];
  client.give({ kind: "start", user: "alice", token: "t" });
  client.give({ kind: "recall", kept: value });
  return client;
}

/** Ids of the messages with bob. */
function withBob({ model }: FakeClient): readonly string[] {
  const chat = model.chats.named("bob");
  return chat === undefined ? [] : model.messages.history(chat).map(({ id }) => id);
}

Deno.test("recall() shows what was kept before a node is there, and asks nothing", () => {
  const before = written(3);
  const client = recalling(kept(before));
  assertEquals(withBob(client), [uuid(1), uuid(2), uuid(3)]);
  assertEquals(client.model.chats.named("bob")?.unread, before.model.chats.named("bob")?.unread);
  assertEquals(client.model.chats.named("bob")?.account, BOB);
  assertEquals([client.asked, client.said(), client.model.messages.unsent.size], [[], [], 0]);
});

Deno.test("keptOf() has the newest messages of the newest chats, and nothing that was deleted or not sent", () => {
  const client = written(KEPT_MESSAGES + 5);
  erase(client, KEPT_MESSAGES + 5);
  client.give({ kind: "send", to: "bob", text: "not sent", id: uuid(500), timestamp: 500 });
  const [chat] = kept(client).chats;
  assertEquals(chat?.messages.length, KEPT_MESSAGES);
  assertEquals(chat?.messages.at(-1)?.id, uuid(KEPT_MESSAGES + 4));
  const text = JSON.stringify(keptOf(client.model));
  assertEquals([text.includes("not sent"), text.includes(uuid(KEPT_MESSAGES + 5))], [false, false]);
});

Deno.test("keptRevision() changes with what is kept, and with nothing else", () => {
  const client = written(2);
  const revisions = [keptRevision(client.model)];
  const next = (): void => void revisions.push(keptRevision(client.model));
  client.push(fromBob(3, BOB));
  next();
  erase(client, 3);
  next();
  assertEquals(new Set(revisions).size, 3);
  client.disconnect();
  assertEquals(keptOf(written(0).model)?.chats, []);
});

Deno.test("keptRevision() changes with the deletion of the only message of a chat, and with that of its account", () => {
  const client = written(1);
  client.push({ ...fromBob(2, "account of carol"), sender: "carol" });
  const both = keptRevision(client.model);
  erase(client, 1);
  assertEquals(kept(client).chats.map((chat) => chat.with.name), ["carol"]);
  const one = keptRevision(client.model);
  client.give({
    kind: "push",
    push: { name: "user", payload: { name: "carol", change: "deleted", account: "account of carol" } },
  });
  assertEquals(kept(client).chats, []);
  assertEquals(new Set([both, one, keptRevision(client.model)]).size, 3);
});

Deno.test("recall() takes nothing of another account, another cluster, another format, or that makes no sense", () => {
  const value = kept(written(2));
  const [chat] = value.chats;
  const refused: readonly unknown[] = [
    undefined,
    null,
    "text",
    [],
    {},
    { ...value, format: 2 },
    { ...value, of: { name: "carol" } },
    { ...value, of: 1 },
    { ...value, chats: {} },
    { ...value, chats: Array(KEPT_CHATS + 1).fill(chat) },
    { ...value, chats: [{ ...chat, unread: "1" }] },
    { ...value, chats: [{ ...chat, messages: chat?.messages.map((each) => ({ ...each, id: "1" })) }] },
    {
      ...value,
      chats: [{ ...chat, messages: chat?.messages.map((each) => ({ ...each, status: "queued" })) }],
    },
  ];
  for (const each of refused) assertEquals(withBob(recalling(each)), [], JSON.stringify(each));
  console.log(`${refused.length} values refused`);
});

Deno.test("recall() leaves a chat as it is that a node has told of", () => {
  const value = kept(written(2));
  const client = saver();
  enter(client);
  client.push(fromBob(9, BOB));
  client.give({ kind: "recall", kept: value });
  assertEquals(withBob(client), [uuid(9)]);
});

Deno.test("a node is right about what was kept: what it does not have any more is hidden", () => {
  const client = recalling(kept(written(3)));
  client.connect();
  enter(client);
  assertEquals(withBob(client), []);
});

Deno.test("a message that a node tells again after it was recalled is one message", () => {
  const client = recalling(kept(written(3)));
  client.connect();
  resume(client);
  const last = fromBob(3, BOB);
  const chat = { with: "bob", account: BOB, unread: 0, last };
  client.reply("listChats", "chats", { chats: [chat], more: false });
  client.push(last);
  assertEquals(withBob(client), [uuid(1), uuid(2), uuid(3)]);
});
