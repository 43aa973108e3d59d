import { assert, assertEquals } from "@std/assert";
import type { PeopleRange } from "../../../client/core/people_list.ts";
import { peopleTold } from "../../../client/terminal/people_told.ts";
import type { Push } from "../../../common/protocol/pushes.ts";
import type { RequestPayload } from "../../../common/protocol/requests.ts";
import { FakeClient, told } from "./fake_client.ts";
import { ALICE, BOB, fromBob, STRANGER, user } from "./talking_client.ts";

const FEATURES = ["account-ids", "watch"];

function watching(features: readonly string[] = FEATURES): FakeClient {
  const client = new FakeClient();
  client.features = features;
  client.login();
  return client;
}

function look(client: FakeClient, people: PeopleRange | undefined, ...names: readonly string[]): void {
  client.give({ kind: "lookAt", people, names });
}

/** The time of the newest `lookAfter` is over; returns its wait, ms. */
function wait(client: FakeClient): number {
  const timer = client.effects.findLast(({ kind }) => kind === "lookAfter");
  assert(timer?.kind === "lookAfter");
  client.effects.splice(0);
  client.give({ kind: "look", turn: timer.turn });
  return timer.ms;
}

/** The time between two requests is over. */
function rested(client: FakeClient): void {
  client.give({ kind: "look", turn: client.model.looking.turn });
}

type Row = readonly [name: string, online: boolean, account?: string, unread?: number];

function users(client: FakeClient, rows: readonly Row[], more = false): RequestPayload<"listUsers"> {
  const told = rows.map(([name, online, account, unread = 0]) => ({
    name,
    online,
    unread,
    ...(account === undefined ? {} : { account }),
  }));
  return client.reply("listUsers", "users", { users: told, more }).payload as RequestPayload<"listUsers">;
}

/** A WATCH is answered; returns what it asked for. */
function watched(client: FakeClient): RequestPayload<"watchPeople"> {
  return client.reply("watchPeople", "ok", null).payload as RequestPayload<"watchPeople">;
}

function person(client: FakeClient, payload: Extract<Push, { name: "person" }>["payload"]): void {
  client.give({ kind: "push", push: { name: "person", payload } });
}

function resumed(client: FakeClient): void {
  client.connect("node2");
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0, account: ALICE });
  client.caughtUp();
}

function shown({ model }: FakeClient): readonly string[] {
  return model.people.rows.map(({ name, online, unread }) =>
    `${name} ${online ? "online" : "offline"} ${unread}`
  );
}

Deno.test("lookAt watches first, and lists after that", () => {
  const client = watching();
  look(client, { match: "b*", count: 50 }, "carl");
  assertEquals(client.asked.map(({ name }) => name), ["watchPeople", "listUsers", "listUsers"]);
  assertEquals(watched(client), { people: { match: "b*", limit: 50 }, names: ["carl"] });
  assertEquals(users(client, [["bob", true, BOB], ["ben", false, "ben1"]], true), { match: "b*", limit: 50 });
  assertEquals(users(client, [["carl", true, "c1"]]), { match: "carl", limit: 1 });
  assertEquals(shown(client), ["bob online 0", "ben offline 0"]);
  assertEquals([client.model.people.more, client.model.people.told], [true, true]);
  look(client, undefined);
  assertEquals(client.asked, [], "not before the rest is over");
  assertEquals(wait(client), 250);
  assertEquals(watched(client), null);
  assertEquals(shown(client), []);
});

Deno.test("lookAt asks nothing about the same people, nobody, or before a login", () => {
  const client = new FakeClient();
  client.features = FEATURES;
  look(client, { count: 10 }, "bob");
  client.login();
  // The login of another account begins with an empty screen.
  assertEquals(client.asked, []);
  look(client, { count: 10 }, "bob");
  look(client, { count: 10 }, "bob");
  assertEquals(client.asked.length, 3);
});

Deno.test("lookAt sends one request for many keys", () => {
  const client = watching();
  for (const match of ["b*", "bo*", "bob*"]) look(client, { match, count: 50 });
  assertEquals(client.asked.length, 2);
  watched(client);
  users(client, [["ben", true, "ben1"], ["bob", true, BOB]]);
  assertEquals(shown(client), ["bob online 0"], "the page shows those who match by now");
  assertEquals(client.model.people.told, false);
  wait(client);
  assertEquals(watched(client), { people: { match: "bob*", limit: 50 }, names: [] });
  for (const match of ["bobb*", "bobby*"]) look(client, { match, count: 50 });
  wait(client);
  assertEquals(client.asked.length, 1, "the reply is not there yet");
  users(client, [["bob", true, BOB]]);
  assertEquals(watched(client), { people: { match: "bobby*", limit: 50 }, names: [] });
  users(client, []);
  assertEquals(shown(client), []);
  assertEquals(client.model.people.told, true);
});

Deno.test("lookAt keeps to the limits of WATCH", () => {
  const client = watching();
  const names = Array.from({ length: 600 }, (_, i) => `user${i}`);
  look(
    client,
    { match: "*".repeat(300), count: 1_000 },
    "with space",
    "*",
    "x".repeat(81),
    ...names,
    "USER0",
  );
  const wanted = watched(client);
  assertEquals(wanted?.people, { match: "*".repeat(256), limit: 500 });
  assertEquals(wanted?.names?.length, 500);
  assertEquals(wanted?.names?.[0], "USER0");
  users(client, []);
  for (let i = 0; i < 100; i++) users(client, []);
  assertEquals(client.asked, []);
  wait(client);
  assertEquals(client.asked.length, 100, "the next hundred names, without another WATCH");
});

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

Deno.test("people are watched again at the next node, and only listed at one that cannot", () => {
  const client = watching();
  look(client, { count: 50 }, "bob");
  client.disconnect();
  look(client, { count: 60 }, "bob");
  resumed(client);
  assertEquals(watched(client), { people: { limit: 60 }, names: ["bob"] });
  client.disconnect();
  client.features = ["account-ids"];
  resumed(client);
  assertEquals(users(client, [["bob", true, BOB]]), { limit: 60 });
  assertEquals(users(client, [["bob", true, BOB]]), { match: "bob", limit: 1 });
  assertEquals(client.asked, []);
  assertEquals(wait(client), 250);
  assertEquals(wait(client), 30_000);
  assertEquals(users(client, [["bob", false, BOB]]), { limit: 60 });
  assertEquals(client.asked, []);
  assertEquals(shown(client), ["bob offline 0"]);
  user(client, { name: "bob", change: "online", account: BOB });
  assertEquals(shown(client), ["bob online 0"]);
});

Deno.test("a busy node is asked again after the wait that it names", () => {
  const client = watching();
  look(client, { count: 50 }, "bob");
  client.reply("watchPeople", "error", { code: "busy", message: "too many", retryAfter: 45 });
  users(client, [["bob", true, BOB]]);
  users(client, [["bob", true, BOB]]);
  assertEquals(client.said(), [], "nobody is told");
  look(client, { count: 51 }, "bob");
  look(client, { count: 50 }, "bob");
  client.effects.splice(0);
  client.give({ kind: "look", turn: 1 });
  assertEquals(wait(client), 45_000);
  assertEquals(watched(client), { people: { limit: 50 }, names: ["bob"] });
  users(client, [["bob", false, BOB]]);
  users(client, [["bob", false, BOB]]);
  assertEquals(shown(client), ["bob offline 0"]);
  wait(client);
  assertEquals(client.effects, [], "it tells changes by now");
});

Deno.test("people are forgotten with the account", () => {
  const client = watching();
  look(client, { count: 50 }, "bob");
  watched(client);
  users(client, [["bob", true, BOB]]);
  users(client, [["bob", true, BOB]]);
  client.line("/logout");
  client.reply("logout", "ok", null);
  assertEquals([shown(client), client.model.people.told], [[], false]);
  wait(client);
  assertEquals(client.asked, []);
  client.line("/login carol");
  client.reply("startLogin", "userExisting", null);
  client.give({ kind: "answer", text: "password" });
  client.reply("finishLogin", "loginSuccess", { name: "carol", token: "t", unread: 0 });
  client.caughtUp();
  client.reply("listUsers", "users", { users: [], more: false });
  assertEquals(watched(client), null, "the watch of the login before, if it is there still");
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
