import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { HEADER_BYTES } from "../../common/wire/frame.ts";
import { processTest } from "../testing/permissions.ts";
import { RawClient } from "../testing/raw_client.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { OriginalTestClient, TestClient } from "../testing/test_client.ts";

/** A person's view of a conversation: contents and statuses. */
async function conversation(client: OriginalTestClient, other: string): Promise<string[][]> {
  const reply = await client.ask("listMessages", { with: other });
  assert(reply.name === "messages", reply.name);
  return reply.payload.map(({ content, status }) => [content, status]);
}

async function idOf(client: OriginalTestClient, other: string, content: string): Promise<string> {
  const reply = await client.ask("listMessages", { with: other });
  assert(reply.name === "messages", reply.name);
  return reply.payload.find((message) => message.content === content)?.id ?? "";
}

async function unread(client: OriginalTestClient): Promise<unknown> {
  const reply = await client.ask("listUsers", {});
  assert(reply.name === "users", reply.name);
  return Object.fromEntries(reply.payload);
}

processTest("ServerProcess logs people in who speak the original dialect", async () => {
  await using server = await ServerProcess.start();
  await using client = await OriginalTestClient.connect(server.port);
  assertEquals((await client.ask("listUsers", {})).name, "error");
  assertEquals(await client.ask("startLogin", { name: "alice" }), { name: "userNotExisting", payload: null });
  assertEquals((await client.ask("finishLogin", { password: "short" })).name, "loginFailed");
  const created = { name: "loginSuccess", payload: ["alice"] } as const;
  assertEquals(await client.ask("finishLogin", { password: "password of alice" }), created);
  await using second = await OriginalTestClient.connect(server.port);
  assertEquals(await second.ask("startLogin", { name: "Alice" }), { name: "userExisting", payload: null });
  const failed = { name: "loginFailed", payload: null } as const;
  assertEquals(await second.ask("finishLogin", { password: "password of bob" }), failed);
  await second.send("ping", { name: "alice" });
  assertEquals((await second.ask("listUsers", {})).name, "error");
  assertEquals(await second.ask("finishLogin", { password: "password of alice" }), created);
  assertEquals((await second.ask("startLogin", { name: "bob" })).name, "userNotExisting");
  assertEquals(await unread(second), { alice: 0 });
  const both = { name: "loginSuccess", payload: ["alice", "bob"] } as const;
  assertEquals(await second.ask("finishLogin", { password: "password of bob" }), both);
  await second.send("sendMessage", { to: "alice", content: "from bob" });
  assertEquals(await unread(second), { alice: 0, bob: 0 });
  assertEquals(await unread(client), { alice: 0, bob: 1 });
});

processTest("ServerProcess serves both dialects together", async () => {
  await using server = await ServerProcess.start();
  await OriginalTestClient.login(server.port, "bob").then((bob) => bob[Symbol.asyncDispose]());
  await using alice = await OriginalTestClient.login(server.port, "alice");
  await using carol = await TestClient.login(server.port, "carol");
  await alice.send("sendMessage", { to: "bob", content: "while you were away" });
  await alice.send("sendMessage", { to: "nobody", content: "lost" });
  await alice.send("sendMessage", { to: "alice", content: "note" });
  assertEquals(await conversation(alice, "bob"), [["while you were away", "unread"]]);
  assertEquals(await conversation(alice, "alice"), [["note", "read"]]);
  assertEquals(await conversation(alice, "nobody"), []);
  const { id } = await carol.expect("sendMessage", { to: "bob", content: "from carol" }, "sent");

  await using bob = await OriginalTestClient.login(server.port, "bob");
  const heard = [await carol.push(), await carol.push()];
  assertEquals(heard.find(({ name }) => name === "user")?.payload, { name: "bob", change: "online" });
  const delivered = heard.find(({ name }) => name === "status")?.payload;
  assertEquals(delivered, { ids: [id], status: "delivered", by: "bob" });
  assertEquals(await conversation(bob, "carol"), [["from carol", "unread"]]);
  assertEquals(await unread(bob), { alice: 1, bob: 0, carol: 1 });
  await bob.send("readMessages", { with: "alice" });
  assertEquals(await unread(bob), { alice: 0, bob: 0, carol: 1 });
  assertEquals(await conversation(alice, "bob"), [["while you were away", "read"]]);
  await bob.send("readMessages", { with: "carol" });
  assertEquals((await carol.push()).payload, { ids: [id], status: "read", by: "bob" });
  await bob.send("sendMessage", { to: "carol", content: "hello carol" });
  const pushed = await carol.push();
  assert(pushed.name === "message" && pushed.payload.content === "hello carol");
  await deleteThings(alice, bob, carol, server.port);
});

/** Deletes single messages, then an account. */
async function deleteThings(
  alice: OriginalTestClient,
  bob: OriginalTestClient,
  carol: TestClient,
  port: number,
): Promise<void> {
  const fromAlice = await idOf(alice, "bob", "while you were away");
  const fromCarol = await idOf(bob, "carol", "from carol");
  await alice.send("deleteMessages", { ids: [fromCarol] });
  assertEquals(await conversation(alice, "carol"), []);
  assertEquals((await conversation(bob, "carol")).length, 2);
  await bob.send("deleteMessages", { ids: [fromCarol] });
  assertEquals(await conversation(bob, "carol"), [["hello carol", "unread"]]);
  const { messages } = await carol.expect("listMessages", { with: "bob" }, "messages");
  assertEquals(messages.map(({ content }) => content), ["from carol", "hello carol"]);
  await alice.send("deleteMessages", { ids: [fromAlice] });
  assertEquals(await conversation(alice, "bob"), []);
  assertEquals(await conversation(bob, "alice"), []);
  await bob.send("deleteAccount", { password: "" });
  await bob.closed;
  assertEquals((await carol.push()).payload, { name: "bob", change: "deleted" });
  assertEquals(await unread(alice), { alice: 0, carol: 0 });
  assertEquals((await carol.expect("listChats", {}, "chats")).chats, []);
  await using next = await OriginalTestClient.connect(port);
  assertEquals((await next.ask("startLogin", { name: "bob" })).name, "userNotExisting");
  assertEquals((await next.ask("finishLogin", { password: "password of another bob" })).name, "loginSuccess");
  assertEquals(await conversation(next, "carol"), []);
}

processTest("ServerProcess sends each reply of the original dialect in one piece", async () => {
  await using server = await ServerProcess.start();
  await using alice = await TestClient.login(server.port, "alice");
  const rounds = 30;
  await using client = await RawClient.connect(server.port);
  for (let round = 0; round < rounds; round++) {
    await client.send("startLogin", { name: "alice" }, "original");
    assertEquals((await client.read())?.length, HEADER_BYTES);
    await client.send("finishLogin", { password: "password of alice" }, "original");
    const expected = HEADER_BYTES + 1 + 4 + 1 + 4 + "alice".length;
    assertEquals((await client.read())?.length, expected);
  }
  for (let count = 0; count < 20; count++) {
    await alice.expect("sendMessage", { to: "alice", content: "x".repeat(16_384) }, "sent");
  }
  for (let round = 0; round < rounds; round++) {
    await client.send("listMessages", { with: "alice" }, "original");
    const first = await client.read();
    assertGreaterOrEqual(first?.length ?? 0, HEADER_BYTES);
    const length = new DataView(first?.buffer ?? new ArrayBuffer(HEADER_BYTES)).getUint32(8);
    for (let got = first?.length ?? 0; got < HEADER_BYTES + length;) {
      got += (await client.read())?.length ?? 0;
    }
  }
  console.log(`${rounds * 3} replies, the header of each in one read`);
});
