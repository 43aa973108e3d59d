import { assert, assertEquals } from "@std/assert";
import { peopleTold } from "../../../client/terminal/people_told.ts";
import { told } from "./fake_client.ts";
import { ALICE, BOB, fromBob, STRANGER, user } from "./talking_client.ts";
import {
  look,
  person,
  rested,
  resumed,
  type Row,
  shown,
  users,
  watched,
  watching,
} from "./watching_client.ts";

Deno.test("takePerson() keeps the list as the specification says", () => {
  const client = watching();
  look(client, { count: 3 });
  watched(client);
  users(client, [["ann", false, "a1"], ["bob", true, BOB]]);
  person(client, { name: "alf", account: "alf1", change: "created" });
  person(client, { name: "alf", account: "alf1", change: "online" });
  assertEquals(shown(client), ["alf online 0", "ann offline 0", "bob online 0"]);
  person(client, { name: "aaa", account: "aaa1", change: "created" });
  assertEquals(shown(client), ["aaa offline 0", "alf online 0", "ann offline 0"]);
  person(client, { name: "alf", account: "alf1", change: "renamed", to: "zed" });
  person(client, { name: "bob", account: BOB, change: "online" });
  assertEquals(shown(client), ["aaa offline 0", "ann offline 0", "bob online 0"]);
  person(client, { name: "bob", account: STRANGER, change: "deleted" });
  person(client, { name: "aaa", account: "aaa1", change: "deleted" });
  assertEquals(shown(client), ["ann offline 0", "bob online 0"]);
  person(client, { name: "bob", account: STRANGER, change: "created" });
  assertEquals(client.model.people.rows.map(({ account }) => account), ["a1", STRANGER]);
  assertEquals(client.said(), [], "nobody is told of a list");
});

Deno.test("counts of unread messages in the list follow the chats", () => {
  const client = watching();
  client.open("bob", fromBob(1, BOB));
  look(client, { count: 50 });
  watched(client);
  users(client, [["ann", true, "a1", 7], ["bob", true, BOB, 0]]);
  client.line("/chat carl");
  client.reply("listMessages", "messages", { messages: [], more: false });
  users(client, []);
  client.push(told(2, "bob", "alice", { senderAccount: BOB, recipientAccount: ALICE }));
  assertEquals(shown(client), ["ann online 7", "bob online 1"]);
  person(client, { name: "bob", account: BOB, change: "offline" });
  assertEquals(shown(client), ["ann online 7", "bob offline 1"]);
  const { revision } = client.model.people;
  client.give({
    kind: "push",
    push: { name: "status", payload: { ids: [told(2, "", "").id], status: "read", by: "alice" } },
  });
  assertEquals(shown(client), ["ann online 7", "bob offline 0"]);
  assert(client.model.people.revision > revision);
});

Deno.test("chat.online is known of those who are looked at, while a node is there", () => {
  const client = watching();
  client.open("bob", fromBob(1, BOB));
  const chat = client.model.chats.with("bob");
  assertEquals(chat.online, undefined);
  look(client, undefined, "BOB");
  watched(client);
  const { revision } = chat;
  users(client, [["bob", false, BOB]]);
  assertEquals(chat.online, false);
  assert(chat.revision > revision);
  person(client, { name: "bob", account: BOB, change: "online" });
  assertEquals([chat.online, client.said()], [true, ["-- bob is online"]]);
  user(client, { name: "bob", change: "online", account: BOB });
  assertEquals(client.said(), [], "USER tells the same once more");
  client.disconnect();
  assertEquals(chat.online, undefined);
  client.said();
  resumed(client);
  client.reply("listMessages", "messages", { messages: [], more: false });
  assertEquals(watched(client), { names: ["BOB"] });
  users(client, [["bob", false, BOB]]);
  assertEquals(chat.online, false);
  assertEquals(client.said(), ["-- connected to node2", "-- bob is offline"]);
  look(client, undefined);
  assertEquals(chat.online, undefined);
});

Deno.test("somebody who is looked at is renamed, deleted, and followed by another account", () => {
  const client = watching();
  client.open("bob", fromBob(1, BOB));
  const former = client.model.chats.with("bob");
  look(client, undefined, "bob");
  watched(client);
  users(client, [["bob", true, BOB]]);
  for (let i = 0; i < 2; i++) {
    person(client, { name: "bob", account: BOB, change: "renamed", to: "bob~node2" });
    user(client, { name: "bob", change: "renamed", to: "bob~node2", account: BOB });
  }
  assertEquals(client.said(), ["-- bob is called bob~node2 now"]);
  assertEquals([former.name, former.online], ["bob~node2", undefined]);
  person(client, { name: "bob", account: STRANGER, change: "online" });
  assertEquals(former.online, undefined);
  look(client, undefined, "bob~node2", "bob");
  rested(client);
  watched(client);
  users(client, [["bob~node2", true, BOB]]);
  client.push(told(5, "bob", "alice", { senderAccount: STRANGER, recipientAccount: ALICE }));
  const present = client.model.chats.with("bob");
  assertEquals([former.online, present.account, present.online], [true, STRANGER, true]);
  client.said();
  for (let i = 0; i < 2; i++) {
    person(client, { name: "bob~node2", account: BOB, change: "deleted" });
    user(client, { name: "bob~node2", change: "deleted", account: BOB });
  }
  assertEquals(client.said(), [
    "refresh",
    "-- the account bob~node2 was deleted, with every message from and to it",
  ]);
  assertEquals([former.online, former.deleted], [undefined, true]);
});

Deno.test("a person is told of those whom the last list has shown, until a chat is opened", () => {
  const client = watching();
  const list = (...rows: readonly Row[]): void => {
    client.line("/who");
    users(client, rows);
    client.said();
    const input = peopleTold(client.model);
    if (input !== undefined) client.give(input);
    assertEquals(peopleTold(client.model), undefined);
    rested(client);
  };
  look(client, undefined, "zoe");
  watched(client);
  users(client, []);
  list(["carl", true, "c1"], ["dan", true, "d1"], ["eve", false, "e1"]);
  assertEquals(watched(client), { names: ["carl", "dan"] });
  users(client, [["carl", false, "c1"]]);
  users(client, [["dan", true, "d1"]]);
  assertEquals(client.said(), ["-- carl is offline"], "while the list was under way");
  person(client, { name: "dan", account: "d1", change: "renamed", to: "dan~node2" });
  assertEquals(client.said(), ["-- dan is called dan~node2 now"]);
  assertEquals(client.model.listed.map(({ name }) => name), ["carl", "dan~node2"]);
  person(client, { name: "carl", account: "c1", change: "deleted" });
  assertEquals(client.said(), ["-- the account carl was deleted, with every message from and to it"]);
  const many = Array.from({ length: 30 }, (_, i): Row => [`user${10 + i}`, true, `u${i}`]);
  list(...many);
  assertEquals(watched(client)?.names?.length, 20);
  for (let i = 0; i < 20; i++) users(client, [["nobody", true]]);
  client.open("bob", fromBob(1, BOB));
  assertEquals(client.model.listed, []);
  assertEquals(peopleTold(client.model), { kind: "lookAt", names: ["bob"] });
  person(client, { name: "user39", account: "u29", change: "offline" });
  assertEquals(client.said(), []);
});
