/**
 * The core of the client with a face that has no screen, at a cluster of real nodes: the stories that a page in the
 * browser tells.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { passwordOf, SilentFace } from "../testing/silent_face.ts";
import { TestClient } from "../testing/test_client.ts";

/** Texts of the messages between two people, as a node tells them. */
async function toldTexts(port: number, name: string, other: string): Promise<readonly string[]> {
  await using client = await TestClient.login(port, name, passwordOf(name));
  const { messages } = await client.expect("listMessages", { with: other, limit: 500 }, "messages");
  return messages.map(({ content }) => content);
}

processTest("a face without a screen registers, talks, deletes, and goes on at another node", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  await using alice = await SilentFace.register("alice", [one.port, two.port, three.port]);
  await using bob = await SilentFace.register("bob", [two.port, three.port, one.port]);

  await using stranger = new SilentFace([three.port]);
  stranger.give({ kind: "login", name: "bob", password: "not the password" });
  await stranger.until("it is told that the password is wrong", () => stranger.failures.length > 0);
  stranger.give({ kind: "login", name: "nobody", password: "not the password" });
  await stranger.until("it is told that nobody has the name", () => stranger.failures.length > 1);
  stranger.give({ kind: "register", name: "bob", password: "not the password" });
  await stranger.until("it is told that the name is taken", () => stranger.failures.length > 2);
  assertEquals(stranger.failures, [
    { kind: "passwordWrong", name: "bob", final: true },
    { kind: "nameUnknown", name: "nobody", atStart: false },
    { kind: "nameTaken", name: "bob" },
  ]);
  assertEquals(stranger.model.question, undefined);

  alice.give({ kind: "openChat", with: "bob" });
  alice.send("bob", "one", "two", "three");
  await bob.until("bob has three unread messages", () => bob.chat("alice").unread === 3);
  assertEquals(bob.model.messages.chats.map(({ name }) => name), ["alice"]);
  await alice.until("they are delivered", () => alice.message("bob", "three")?.status === "delivered");
  bob.give({ kind: "openChat", with: "alice" });
  await alice.until("they are read", () => alice.message("bob", "three")?.status === "read");
  await bob.until("nothing is unread", () => bob.chat("alice").unread === 0);

  const ids = (face: SilentFace, name: string, text: string): readonly string[] => {
    const message = face.message(name, text);
    assert(message !== undefined, text);
    return [message.id];
  };
  alice.give({ kind: "deleteMessages", ids: ids(alice, "bob", "one") });
  bob.give({ kind: "deleteMessages", ids: ids(bob, "alice", "two") });
  await bob.until("both are gone at bob's", () => bob.texts("alice").join() === "three");
  await alice.until("one is gone at alice's", () => alice.texts("bob").join() === "two,three");

  await one.kill();
  alice.send("bob", "four", "five");
  await bob.until("bob has them from another node", () => bob.texts("alice").join() === "three,four,five");
  await alice.until("alice is elsewhere", ({ node }) => node !== undefined && node.name !== "node1");
  await alice.until("all are read", () => alice.message("bob", "five")?.status === "read");
  assertEquals(await toldTexts(three.port, "alice", "bob"), ["two", "three", "four", "five"]);
  for (const face of [alice, bob]) face.drawn.assertFresh(face.model);
  const { drawn, kept } = alice.drawn;
  console.log(`alice's lines: ${drawn} drawn, ${kept} kept`);
});

processTest("a face without a screen crashes, and what it has saved arrives once", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  const ports = [one.port, two.port, three.port];
  const first = await SilentFace.register("alice", ports);
  await using bob = await SilentFace.register("bob", [two.port]);
  bob.give({ kind: "openChat", with: "alice" });
  first.give({ kind: "openChat", with: "bob" });
  first.send("bob", "before");
  await first.until("it is read", () => first.message("bob", "before")?.status === "read");

  // The node takes a message, and the client is gone before it hears of that.
  const wires = cluster.wiresOf(one);
  for (const wire of wires) wire.blackhole();
  first.send("bob", "maybe");
  await eventually("the node has it on disk", async () => {
    const log = await Deno.readTextFile(`${one.data}/log/00000001.jsonl`);
    return log.includes('"maybe"');
  });
  first.give({ kind: "draft", chat: first.chat("bob"), text: "begun" });
  const kept = await first.crash();
  for (const wire of wires) wire.pass();

  // No node is there: it is written all the same, and crashes again.
  for (const node of cluster.nodes) await node.kill();
  const second = new SilentFace(ports, kept);
  assertEquals(second.texts("bob"), ["maybe"]);
  assertEquals(second.chat("bob").draft, "begun");
  second.send("bob", "queued 1", "queued 2");
  const keptAgain = await second.crash();

  await using third = new SilentFace([...ports].reverse(), keptAgain);
  await Promise.all(cluster.nodes.map((node) => node.start()));
  await third.until("nothing waits", ({ messages, loggedIn }) => loggedIn && messages.unsent.size === 0);
  const texts = ["before", "maybe", "queued 1", "queued 2"];
  await bob.until("bob has them all", () => bob.texts("alice").length === texts.length);
  await cluster.settled();
  for (const node of cluster.nodes) {
    assertEquals((await toldTexts(node.port, "bob", "alice")).toSorted(), texts, node.name);
  }
  assertEquals(third.chat("bob").draft, "begun");
  assertEquals(bob.texts("alice").toSorted(), texts);
  for (const face of [third, bob]) face.drawn.assertFresh(face.model);
  console.log(`${texts.length} messages, two crashes, each message once at every one of 3 nodes`);
});

processTest("a face without a screen sets aside what it cannot put back, and writes on", async () => {
  const account = { name: "alice", account: "a1" };
  const later = JSON.stringify({ format: 2, of: account, letters: ["hello"] });
  const login = { user: "alice", cluster: "c", token: "t" };
  const nobody = [1];
  const first = new SilentFace(nobody, { login, outbox: later, aside: [] });
  assertEquals(first.failures, [{ kind: "savedRefused", problem: { kind: "format", format: 2, known: 1 } }]);
  first.send("bob", "written since");
  const kept = await first.crash();
  assertEquals(kept.aside, [later]);
  const second = new SilentFace(nobody, kept);
  assertEquals([second.texts("bob"), second.failures], [["written since"], []]);
  assertEquals((await second.crash()).aside, [later]);
});

processTest(
  "a face without a screen keeps a chat whose other end is renamed, and one that is gone",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, , three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    await using alice = await SilentFace.register("alice", [three.port]);
    await cluster.settled();
    for (const wire of cluster.wiresOf(three)) wire.cut();
    await using first = await SilentFace.register("carol", [one.port]);
    await using second = await SilentFace.insist("carol", [three.port]);
    second.give({ kind: "openChat", with: "alice" });
    alice.give({ kind: "openChat", with: "carol" });
    alice.send("carol", "hello");
    await second.until("the one beside her has it", () => second.texts("alice").join() === "hello");
    cluster.heal();
    await alice.until("carol is renamed", ({ focus }) => focus?.name === "carol~node3");
    alice.send("carol~node3", "still you?");
    await second.until("it is the same chat", () => second.texts("alice").join() === "hello,still you?");
    assertEquals(second.model.account?.name, "carol~node3");
    assertEquals(alice.texts("carol~node3"), ["hello", "still you?"]);
    assert(alice.notices.some(({ kind }) => kind === "userRenamed"));
    assertEquals(first.model.messages.size, 0);

    second.give({ kind: "deleteAccount", name: "carol~node3", password: passwordOf("carol") });
    await alice.until("she is gone", ({ focus }) => focus?.deleted === true);
    alice.drawn.assertFresh(alice.model);
    await second.until("nobody is logged in", ({ account }) => account === undefined);
  },
);
