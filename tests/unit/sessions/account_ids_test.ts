import { PRESENCE_MS } from "../../../server/node/presence_news.ts";
import { assertEquals } from "@std/assert";
import { type HarnessClient, inShort } from "../../testing/harness_client.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { IDS } from "../../testing/protocol_samples.ts";

const [ONE, TWO] = IDS;

/** A client that uses the feature, logged in. */
function withIds(harness: NodeHarness, name: string): HarnessClient {
  const client = harness.connect();
  assertEquals(client.tell("useFeatures", { use: ["account-ids"] }), "ok");
  client.login(name, passwordOf(name));
  return client;
}

function idOf(harness: NodeHarness, name: string): string {
  return harness.state.directory.find(name)?.id ?? "";
}

Deno.test("FEATURES is taken before the login, and refuses a feature of another version by its name", () => {
  const client = new NodeHarness().connect();
  assertEquals(client.tell("useFeatures", { use: [] }), "ok");
  client.frame(
    19,
    Uint8Array.from([
      4,
      0,
      0,
      0,
      1,
      2,
      0,
      0,
      0,
      3,
      117,
      115,
      101,
      3,
      0,
      0,
      0,
      1,
      2,
      0,
      0,
      0,
      3,
      110,
      101,
      119,
    ]),
  );
  assertEquals(client.takeReply(), {
    name: "error",
    payload: {
      code: "bad-request",
      message:
        'use[0] is "new", and the features of this node are account-ids, block, cluster-state, invitations, nodes, search, web, ' +
        "watch",
    },
  });
});

Deno.test("FEATURES is unknown in the original dialect", () => {
  const client = new NodeHarness().connect({ dialect: "original" });
  client.frame(19);
  assertEquals(client.takeReplies().map(({ name }) => name), ["error"]);
});

Deno.test("HELLO of the console client that refuses new fields is answered without them", () => {
  const harness = new NodeHarness();
  const welcome = (program: string): string[] => {
    const client = harness.connect({ dialect: "original" });
    client.request("hello", { version: 2, client: program });
    client.dialect = "confirmed";
    const reply = client.takeReply();
    return Object.keys(typeof reply.payload === "object" && reply.payload !== null ? reply.payload : {});
  };
  const fields = ["version", "server", "node", "cluster", "nodes", "limits"];
  assertEquals(welcome("chat-client/1.0.0"), fields);
  assertEquals(welcome("chat-client/1.0.0 (features)"), [...fields, "features"]);
});

Deno.test("account-ids: replies name the accounts, to a session that uses the feature", () => {
  const harness = new NodeHarness();
  harness.login("bob");
  const ann = withIds(harness, "ann");
  const [annId, bobId] = [idOf(harness, "ann"), idOf(harness, "bob")];
  const resumed = ann.ask("resume", { token: ann.token });
  assertEquals(
    resumed.name === "loginSuccess" && "account" in resumed.payload && resumed.payload.account,
    annId,
  );
  const sent = ann.ask("sendMessage", { to: "BOB", content: "hey", id: ONE });
  assertEquals(sent.name === "sent" && sent.payload.account, bobId);
  assertEquals(ann.ask("sendMessage", { to: "bob", content: "hey", id: ONE }), sent, "again");
  const page = ann.ask("listMessages", { with: "bob" });
  const chats = ann.ask("listChats", {});
  const users = ann.ask("listUsers", {});
  if (page.name !== "messages" || !("messages" in page.payload)) throw new Error(inShort(page));
  if (chats.name !== "chats" || users.name !== "users" || !("users" in users.payload)) {
    throw new Error("no lists");
  }
  const both = { senderAccount: annId, recipientAccount: bobId };
  for (const message of [page.payload.messages[0], chats.payload.chats[0]?.last]) {
    const { senderAccount, recipientAccount } = message ?? {};
    assertEquals({ senderAccount, recipientAccount }, both);
  }
  assertEquals(chats.payload.chats.map(({ account }) => account), [bobId]);
  assertEquals(users.payload.users.map(({ account }) => account), [annId, bobId]);
});

Deno.test("account-ids: each session of one account gets pushes by its own features", () => {
  const harness = new NodeHarness();
  const [plain, bob, bob2] = [harness.login("bob"), withIds(harness, "bob"), withIds(harness, "bob")];
  const ann = harness.login("ann");
  const account = idOf(harness, "ann");
  ann.tell("sendMessage", { to: "bob", content: "hey", id: ONE });
  ann.tell("deleteAccount", { password: passwordOf("ann") });
  const keys = (client: HarnessClient): unknown[] =>
    client.takePushes().map(({ name, payload }) => [
      name,
      "senderAccount" in payload ? payload.senderAccount : "account" in payload ? payload.account : undefined,
    ]);
  assertEquals(keys(plain), [["message", undefined], ["user", undefined]]);
  assertEquals(keys(bob), [["message", account], ["user", account]]);
  assertEquals(keys(bob2), [["message", account], ["user", account]]);
});

Deno.test("account-ids: coming and going, and a new name, name the account", () => {
  const harness = new NodeHarness();
  const bob = withIds(harness, "bob");
  const ann = harness.login("ann");
  ann.tell("sendMessage", { to: "bob", content: "hey", id: ONE });
  bob.takePushes();
  harness.pass(PRESENCE_MS);
  ann.session.disconnected();
  harness.pass(PRESENCE_MS);
  harness.login("ann");
  const account = idOf(harness, "ann");
  assertEquals(
    bob.takePushes().map(({ payload }) => payload),
    (["offline", "online"] as const).map((change) => ({ name: "ann", change, account })),
  );
});

Deno.test("FEATURES replaces the set before it: keys come and go with it", () => {
  const harness = new NodeHarness();
  const ann = withIds(harness, "ann");
  const isNamed = (id: string): boolean => {
    const reply = ann.ask("sendMessage", { to: "ann", content: "hey", id });
    return reply.name === "sent" && "account" in reply.payload;
  };
  assertEquals(isNamed(ONE), true);
  assertEquals(ann.tell("useFeatures", { use: [] }), "ok");
  assertEquals(isNamed(TWO), false);
});

Deno.test("account-ids: a page keeps within the frame limit with the ids in it", () => {
  const frameBytes = 4_096;
  const harness = new NodeHarness({ frameBytes });
  const [plain, ann] = [harness.login("ann"), withIds(harness, "ann")];
  for (let i = 0; i < 60; i++) {
    const id = `00000000-0000-4000-8000-${String(i).padStart(12, "0")}`;
    ann.tell("sendMessage", { to: "ann", content: "x".repeat(20), id });
  }
  const bytes: number[] = [];
  const sizes = (client: HarnessClient): number => {
    const send = client.send.bind(client);
    client.send = (frame) => {
      bytes.push(frame.length - 12);
      send(frame);
    };
    const page = client.ask("listMessages", { with: "ann", limit: 500 });
    return page.name === "messages" && "messages" in page.payload ? page.payload.messages.length : 0;
  };
  const [without, having] = [sizes(plain), sizes(ann)];
  assertEquals([without > having, having > 9, bytes.every((each) => each <= frameBytes)], [true, true, true]);
  console.log(`${without} messages on a page without the keys, ${having} with them`);
});
