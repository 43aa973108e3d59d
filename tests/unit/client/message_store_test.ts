import { assert, assertEquals, assertGreater } from "@std/assert";
import { Chats } from "../../../client/core/chats.ts";
import { MESSAGES_KEPT } from "../../../client/core/messages.ts";
import { type Message, type MessageFace, NOT_MET } from "../../../client/core/message.ts";
import { MessageStore } from "../../../client/core/message_store.ts";
import { Revisions } from "../../../client/core/revisions.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { FakeClient, told, uuid } from "./fake_client.ts";

const STATUSES = ["queued", "held", "failed", "unread", "delivered", "read"] as const;

/** Ids, whatever the order. */
function idsOf(messages: readonly Message[]): string {
  return messages.map(({ id }) => id).sort().join(" ");
}

/** The drawn parts of a message. */
function faceOf({ timestamp, sender, recipient, chat, content, status, deleted, refusal }: Message): string {
  return JSON.stringify([timestamp, sender, recipient, chat.name, content, status, deleted, refusal]);
}

Deno.test("MessageStore keeps the order of each chat, its last message, and a number for each change", () => {
  const random = new SeededNumbers(14);
  const revisions = new Revisions();
  const [chats, store] = [new Chats(revisions), new MessageStore(revisions)];
  const known = ["bob", "carol", "dan"].map((name) => chats.with(name));
  const alive: Message[] = [];
  const counts = { steps: 0, changed: 0, same: 0 };
  for (let step = 0; step < 5_000; step++) {
    const message = alive[random.below(Math.max(1, alive.length))];
    if (message === undefined || random.below(3) === 0) {
      const status = random.pick(STATUSES);
      const fields = {
        sender: "alice",
        recipient: "bob",
        content: "hi",
        status,
        deleted: false,
        shown: false,
      };
      alive.push(
        store.add({ ...fields, id: uuid(step), timestamp: random.below(50), chat: random.pick(known) }),
      );
    } else if (random.below(10) === 0) {
      store.delete(message.id);
      alive.splice(alive.indexOf(message), 1);
    } else {
      const [face, revision, chat, before] = [
        faceOf(message),
        message.revision,
        message.chat,
        message.chat.revision,
      ];
      const changes: readonly Partial<MessageFace>[] = [
        { timestamp: random.below(50) },
        { status: random.pick(STATUSES) },
        { content: random.pick(["hi", "ho"]) },
        { chat: random.pick(known) },
        { deleted: true, content: "" },
        { sender: random.pick(["alice", "bob"]) },
      ];
      store.change(message, random.pick(changes));
      const isChanged = faceOf(message) !== face;
      assertEquals(message.revision > revision, isChanged);
      assertEquals(chat.revision > before, isChanged);
      isChanged ? counts.changed++ : counts.same++;
    }
    counts.steps++;
    if (step % 50 !== 0) continue;
    for (const chat of known) {
      const shown = store.of(chat);
      assertEquals(idsOf(shown), idsOf(alive.filter((each) => each.chat === chat && !each.deleted)));
      const times = shown.map(({ status, timestamp }) => status === "queued" ? 1_000 : timestamp);
      assert(times.every((time, index) => time >= (times[index - 1] ?? 0)), `${times}`);
      assert(store.last(chat) === shown.at(-1));
    }
    const unsent = alive.filter(({ status, deleted }) => !deleted && STATUSES.indexOf(status) < 3);
    assertEquals(idsOf([...store.unsent]), idsOf(unsent));
  }
  assertGreater(Math.min(counts.changed, counts.same), 100);
  console.log(`checked ${counts.steps} steps: ${counts.changed} changes, ${counts.same} that change nothing`);
});

Deno.test("messages of one time stand in the order in which a page has told them", () => {
  const client = new FakeClient();
  client.login();
  const at = { timestamp: 5, status: "read" } as const;
  client.push(told(3, "bob", "alice", at));
  client.open("bob", ...[4, 3, 1].map((number) => told(number, "bob", "alice", at)));
  const chat = client.model.chats.with("bob");
  const ids = (): string[] => client.model.messages.of(chat).map(({ id }) => id);
  assertEquals(ids(), [uuid(4), uuid(3), uuid(1)]);
  const first = client.model.messages.get(uuid(4));
  if (first !== undefined) client.model.messages.change(first, { content: "changed" });
  assertEquals(ids(), [uuid(4), uuid(3), uuid(1)]);
  client.give({ kind: "history", with: "bob", count: 2, before: uuid(4) });
  const page = [9, 8].map((number) => told(number, "bob", "alice", at));
  client.reply("listMessages", "messages", { messages: page, more: false });
  assertEquals(ids(), [9, 8, 4, 3, 1].map(uuid));
});

Deno.test("a message that waits stands last, and takes its place once it is stored", () => {
  const client = new FakeClient();
  client.login();
  client.open("bob", told(1, "bob", "alice", { status: "read" }));
  client.give({ kind: "send", to: "bob", text: "hi", id: uuid(50), timestamp: 1 });
  const ids = (): string[] => client.model.messages.of(client.model.chats.with("bob")).map(({ id }) => id);
  client.push(told(60, "bob", "alice"));
  assertEquals(ids(), [uuid(1), uuid(60), uuid(50)]);
  client.reply("sendMessage", "sent", { id: uuid(50), timestamp: 1_700_000_050, copies: 1, nodes: 1 });
  assertEquals(ids(), [uuid(1), uuid(50), uuid(60)]);
});

Deno.test("a list of chats tells the last message of each, which takes no short id", () => {
  const client = new FakeClient();
  client.connect();
  client.give({ kind: "start", user: "alice", token: "t" });
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 1 });
  const rows = [{ with: "bob", unread: 1, last: told(7, "bob", "alice") }, {
    with: "carol",
    unread: 0,
    last: told(3, "alice", "carol", { status: "delivered" }),
  }];
  client.reply("listChats", "chats", { chats: rows, more: false });
  const { chats, messages } = client.model;
  assertEquals(messages.chats.map(({ name, unread }) => [name, unread]), [["bob", 1], ["carol", 0]]);
  const last = (name: string): Message | undefined => messages.last(chats.with(name));
  assertEquals([last("bob")?.content, last("bob")?.number], ["text 7", NOT_MET]);
  const { revision } = chats.with("carol");
  client.give({
    kind: "push",
    push: { name: "status", payload: { ids: [uuid(3)], status: "read", by: "carol" } },
  });
  assertEquals(last("carol")?.status, "read");
  assertGreater(chats.with("carol").revision, revision);
  client.reply("listMessages", "messages", { messages: [told(7, "bob", "alice")], more: false });
  assertEquals(last("bob")?.number, 0);
  client.give({ kind: "push", push: { name: "deleted", payload: { ids: [uuid(7)], by: "bob" } } });
  assertEquals([last("bob"), chats.with("bob").unread], [undefined, 0]);
});

Deno.test("MessageStore keeps messages that no server has, and lets dropped ones go", () => {
  const client = new FakeClient();
  client.login();
  for (const id of [1, 2, 3]) {
    client.give({ kind: "send", to: "bob", text: "hi", id: uuid(id), timestamp: id });
    if (id < 3) client.refuse("sendMessage", "quota");
  }
  client.give({ kind: "discard", id: uuid(2) });
  for (let i = 10; i < MESSAGES_KEPT + 20; i++) client.push(told(i, "bob", "alice", { status: "read" }));
  const { messages } = client.model;
  assertEquals([1, 2, 3, 10].map((id) => messages.get(uuid(id))?.status), [
    "failed",
    undefined,
    "queued",
    undefined,
  ]);
  client.give({ kind: "retry", id: uuid(1) });
  assertEquals(client.asked.at(-1)?.payload, { to: "bob", content: "hi", id: uuid(1) });
});

Deno.test("MessageStore lets go of the oldest messages but for the last of each chat", () => {
  const client = new FakeClient({ script: true });
  client.login();
  client.push(told(1, "carol", "alice"));
  for (let i = 2; i <= MESSAGES_KEPT + 1; i++) client.push(told(i, "bob", "alice"));
  const { chats, messages } = client.model;
  assertEquals(messages.size, MESSAGES_KEPT);
  assertEquals(messages.last(chats.with("carol"))?.id, uuid(1));
  assertEquals(messages.has(uuid(2)), false);
  const startMs = performance.now();
  let looked = 0;
  for (let i = 0; i < 10_000; i++) {
    looked += messages.of(chats.with("bob")).length +
      (messages.last(chats.with("bob")) === undefined ? 0 : 1);
  }
  const ms = performance.now() - startMs;
  assert(looked > 0);
  console.log(
    `10000 looks at a chat with ${messages.of(chats.with("bob")).length} messages: ${ms.toFixed(0)} ms`,
  );
});
