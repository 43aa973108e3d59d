import { assertEquals } from "@std/assert";
import { FakeClient } from "./fake_client.ts";
import { BOB, user } from "./talking_client.ts";
import { FEATURES, look, resumed, shown, users, wait, watched, watching } from "./watching_client.ts";

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
