import { assertEquals } from "@std/assert";
import type { ErrorCode } from "../../../common/protocol/error_codes.ts";
import { FakeClient, uuid } from "./fake_client.ts";

const HERE =
  "-- alice is logged out here; the next node that can be reached hears of it while this program runs, and else " +
  "the login ends there with another password, or after 30 days without use";

/** Refusals of a login by its token. */
const REFUSALS: readonly ErrorCode[] = [
  "too-many-sessions",
  "unavailable",
  "busy",
  "rate-limited",
  "disabled",
];

/** A client whose connection is broken. */
function offline(): FakeClient {
  const client = new FakeClient();
  client.login();
  client.disconnect();
  client.said();
  return client;
}

/** The logins that a node is to be told the end of. */
function ended(client: FakeClient): readonly string[] {
  return client.effects.flatMap((each) => each.kind === "endLogin" ? [`${each.name} ${each.token}`] : []);
}

Deno.test("logOut() without a node forgets the account at once, and nothing is queued", () => {
  const client = offline();
  client.line("/logout");
  assertEquals(ended(client), ["alice token of alice"]);
  assertEquals(client.said(), [HERE]);
  const { account, loggedIn, pending, forgotten } = client.model;
  assertEquals([account, loggedIn, pending.size, forgotten], [undefined, false, 0, 1]);
  client.connect("node2");
  assertEquals(client.asked, []);
  client.give({ kind: "login", name: "bob", password: "password" });
  client.reply("startLogin", "userExisting", null);
  client.reply("finishLogin", "loginSuccess", { name: "bob", token: "t", unread: 0 });
  assertEquals(client.model.account?.name, "bob");
  assertEquals(client.asked.map(({ name }) => name).includes("logout"), false);
});

Deno.test("logOut() without a node says which messages are lost", () => {
  const client = offline();
  client.give({ kind: "send", to: "bob", text: "hi", id: uuid(1), timestamp: 1 });
  client.said();
  client.line("/logout");
  const [here, unsent] = client.said();
  assertEquals([here, unsent], [HERE, "!! not sent: 1 queued message of alice"]);
});

Deno.test("a logout that breaks off is one here: the person does not find the account again", () => {
  const client = new FakeClient();
  client.login();
  client.line("/logout");
  client.disconnect();
  assertEquals(client.said(), [HERE, "-- lost node1 (connection reset); looking for a node"]);
  client.connect("node2");
  assertEquals([client.asked, client.model.account], [[], undefined]);
});

Deno.test("a logout waits for a login that is under way, and does not outlive its refusal", () => {
  for (const refusal of [undefined, ...REFUSALS]) {
    const client = offline();
    client.connect("node2");
    client.line("/logout");
    assertEquals(client.model.account?.name, "alice");
    if (refusal !== undefined) client.refuse("resume", refusal);
    else {
      client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
      assertEquals(client.asked[0]?.name, "logout", "it is the first request of the login");
      client.reply("logout", "ok", null);
    }
    assertEquals([client.model.account, client.model.pending.has("logout")], [undefined, false]);
    assertEquals(ended(client), refusal === undefined ? [] : ["alice token of alice"]);
    assertEquals(client.said().includes(HERE), refusal !== undefined, refusal);
  }
  console.log(`${REFUSALS.length} refusals`);
});

Deno.test("a refused login can be left at once", () => {
  const refusals = REFUSALS.filter((code) => code !== "disabled");
  for (const code of refusals) {
    const client = offline();
    client.connect("node2");
    // There is no other node to go on with.
    const nodes = [{ name: "node2", host: "127.0.0.1", port: 5001 }];
    client.give({ kind: "push", push: { name: "nodes", payload: { nodes } } });
    client.refuse("resume", code);
    client.said();
    client.line("/logout");
    assertEquals([client.said(), client.model.account, client.asked], [[HERE], undefined, []], code);
  }
  console.log(`${refusals.length} refusals`);
});

Deno.test("the logout of a program waits for a node, as each of its lines does", () => {
  const client = new FakeClient({ script: true });
  client.login();
  client.disconnect();
  client.line("/logout");
  assertEquals(client.model.pending.has("logout"), true);
  client.connect("node2");
  client.reply("resume", "loginSuccess", { name: "alice", token: "t", unread: 0 });
  client.reply("logout", "ok", null);
  assertEquals(client.model.account, undefined);
});

Deno.test("a logout of nobody is nothing", () => {
  const client = new FakeClient();
  client.give({ kind: "logout" });
  assertEquals([client.said(), client.model.pending.size, client.model.forgotten], [[], 0, 0]);
});
