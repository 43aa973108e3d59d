import { assertEquals } from "@std/assert";
import { entryOf } from "../../../server/core/entry.ts";
import { encoded } from "../../testing/encoded_entries.ts";
import { FollowedNode, uuid } from "../../testing/followed_node.ts";
import { type HarnessClient, inShort } from "../../testing/harness_client.ts";

Deno.test("ResidentMessages lets read messages go once the archive has them, but for the last of a chat", () => {
  const followed = new FollowedNode();
  followed.talk(1, 5);
  followed.ann.tell("sendMessage", { to: "bob", content: "unread", id: uuid(6) });
  followed.residents.reached(3);
  followed.settle();
  assertEquals(followed.resident, [1, 2, 3, 4, 5, 6]);
  followed.follow();
  assertEquals(followed.resident, [6]);
  followed.bob.tell("readMessages", { with: "ann" });
  followed.follow();
  assertEquals(followed.resident, [6]);
  followed.talk(7, 8);
  followed.follow();
  assertEquals(followed.resident, [6, 8], "former last messages go by the thousand");
});

Deno.test("a send that repeats a message which has left memory is answered like the first, and another one refused", () => {
  const followed = new FollowedNode();
  const { ann, bob, harness } = followed;
  const first = ann.ask("sendMessage", { to: "bob", content: "text 1", id: uuid(1) });
  followed.talk(2, 5);
  followed.follow();
  assertEquals(followed.resident, [5]);
  const entries = harness.log.synced.length;
  assertEquals(ann.ask("sendMessage", { to: "bob", content: "text 1", id: uuid(1) }), first);
  assertEquals(inShort(ann.ask("sendMessage", { to: "bob", content: "other", id: uuid(1) })), "id-conflict");
  assertEquals(inShort(bob.ask("sendMessage", { to: "ann", content: "text 1", id: uuid(1) })), "id-conflict");
  assertEquals(harness.log.synced.length, entries);
  followed.archive.problem = { problem: "building", retryAfterSeconds: 5 };
  assertEquals(inShort(ann.ask("sendMessage", { to: "bob", content: "text 1", id: uuid(1) })), "busy");
  assertEquals(inShort(ann.ask("sendMessage", { to: "bob", content: "new", id: uuid(9) })), "sent");
});

Deno.test("messages that have left memory are deleted and hidden, and both sides are told", () => {
  const followed = new FollowedNode();
  const { ann, bob } = followed;
  followed.talk(1, 6);
  followed.follow();
  ann.takePushes();
  bob.takePushes();
  assertEquals(ann.ask("deleteMessages", { ids: [uuid(2), uuid(3)] }), { name: "ok", payload: { count: 2 } });
  assertEquals(bob.ask("deleteMessages", { ids: [uuid(4)] }), { name: "ok", payload: { count: 1 } });
  assertEquals(bob.takePushes().map(({ name }) => name), ["deleted"]);
  const seen = (client: HarnessClient, other: string): string[] => {
    const reply = client.ask("listMessages", { with: other });
    return JSON.stringify(reply.payload).match(/text \d/g) ?? [];
  };
  const views = [["text 1", "text 4", "text 5", "text 6"], ["text 1", "text 5", "text 6"]];
  assertEquals([seen(ann, "bob"), seen(bob, "ann")], views);
  assertEquals(ann.ask("deleteMessages", { ids: [uuid(2)] }), { name: "ok", payload: { count: 0 } });
  assertEquals(followed.harness.state.storedMessages, 4);
  followed.follow();
  assertEquals(followed.harness.state.earlyMarks.size, 2, "deletions stay until the log is compacted");
  followed.residents.erased(followed.harness.log.synced.length);
  followed.settle();
  assertEquals([seen(ann, "bob"), seen(bob, "ann"), followed.harness.state.earlyMarks.size], [...views, 0]);
});

Deno.test("LIST_CHATS and the original LIST_MESSAGES show what has left memory", () => {
  const followed = new FollowedNode();
  const { ann, harness } = followed;
  followed.talk(1, 6);
  followed.follow();
  assertEquals(ann.ask("deleteMessages", { ids: [uuid(6)] }), { name: "ok", payload: { count: 1 } });
  const chats = ann.ask("listChats", {});
  assertEquals(chats.name === "chats" && chats.payload.chats.map(({ last }) => last.content), ["text 5"]);
  assertEquals(followed.archive.queries.map(({ type }) => type), ["page", "page"]);
  assertEquals(followed.resident, [5, 6]);
  assertEquals(inShort(ann.ask("listChats", {})), "chats");
  assertEquals(followed.archive.queries.length, 2);
  const original = harness.login("bob", { dialect: "original" });
  const list = original.ask("listMessages", { with: "ann" });
  const texts = JSON.stringify(list.payload).match(/text \d/g)?.join();
  assertEquals(texts, "text 1,text 2,text 3,text 4,text 5");
});

Deno.test("ResidentMessages.bringBack() brings back what entries repeat, and asks again until the archive answers", () => {
  const followed = new FollowedNode();
  const { harness, archive, residents } = followed;
  followed.talk(1, 6);
  followed.follow();
  const unread = harness.state.account(followed.id("bob")).unread;
  const entries = followed.peers(
    { id: uuid(2), content: "text 2", stamp: harness.state.stamp + 1 },
    { id: uuid(77), content: "new", stamp: harness.state.stamp + 2 },
  );
  archive.problem = { problem: "busy", retryAfterSeconds: 1 };
  let isReady = false;
  residents.bringBack(entries, () => isReady = true);
  followed.settle();
  assertEquals([isReady, followed.resident], [false, [6]]);
  archive.problem = undefined;
  for (let i = 0; i < 3; i++) followed.timers.pass(100);
  assertEquals([isReady, followed.resident], [true, [2, 6]]);
  harness.node.absorb(encoded(entries), () => {});
  harness.settle();
  assertEquals(harness.state.account(followed.id("bob")).unread, unread + 1, "only the new one is unread");
});

Deno.test("ResidentMessages.bringBack() brings back what leaves memory while it waits for others", () => {
  const followed = new FollowedNode();
  const { harness, archive, residents } = followed;
  followed.talk(1, 3);
  followed.follow();
  followed.talk(4, 6);
  assertEquals(followed.resident, [3, 4, 5, 6]);
  const stamp = harness.state.stamp;
  // The first one has left memory, the other will.
  const entries = followed.peers(
    { id: uuid(1), content: "text 1", stamp: stamp + 1 },
    { id: uuid(4), content: "text 4", stamp: stamp + 2 },
  );
  archive.isHeld = true;
  let isReady = false;
  residents.bringBack(entries, () => isReady = true);
  followed.follow();
  assertEquals([isReady, followed.resident], [false, [3, 6]]);
  for (let i = 0; i < 3; i++) archive.answer();
  assertEquals([isReady, followed.resident], [true, [1, 3, 4, 6]]);
  harness.node.absorb(encoded(entries), () => {});
  harness.settle();
  assertEquals(harness.state.account(followed.id("bob")).unread, 0);
});

Deno.test("ResidentMessages.bringBack() goes on if the archive has another message with the id", () => {
  const followed = new FollowedNode();
  const { harness, residents } = followed;
  followed.talk(1, 3);
  followed.bob.tell("sendMessage", { to: "ann", content: "an answer", id: uuid(9) });
  harness.pass(1);
  followed.follow();
  const [ann, bob] = [followed.id("ann"), followed.id("bob")];
  const stamp = harness.state.stamp;
  // On the other side of a split, bob has used an id of ann's, and ann has sent that message again.
  const entries = [
    entryOf("node2#bbbbbbbbbbbb", 1, stamp + 1, {
      type: "messageSent",
      id: uuid(1),
      from: bob,
      to: ann,
      content: "of bob",
    }),
    entryOf("node2#bbbbbbbbbbbb", 2, stamp + 2, {
      type: "messageSent",
      id: uuid(1),
      from: ann,
      to: bob,
      content: "text 1",
    }),
  ];
  let isReady = false;
  residents.bringBack(entries, () => isReady = true);
  assertEquals([isReady, followed.resident], [true, [1, 9]]);
  harness.node.absorb(encoded(entries), () => {});
  harness.settle();
  assertEquals(harness.state.messages.withId(uuid(1)).map(({ content }) => content), ["text 1", "of bob"]);
});
