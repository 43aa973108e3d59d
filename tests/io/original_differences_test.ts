import { assertEquals, assertGreater } from "@std/assert";
import { listBytes, listNames, OriginalWindow, stringBytes } from "../testing/original_window.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";

const PASSWORD = "password of somebody";

/** A window whose person is logged in; makes the account if there is none. */
async function loggedIn(port: number, name: string): Promise<OriginalWindow> {
  const gui = new OriginalWindow(port, name);
  await gui.enterName();
  assertEquals(await gui.enterPassword(PASSWORD), 103);
  return gui;
}

/** Contents of the messages with somebody, and the first id. */
async function conversation(gui: OriginalWindow, other: string): Promise<{ count: number; id: string }> {
  const reply = await gui.ask(5, stringBytes(other));
  assertEquals(reply?.type, 105);
  const text = new TextDecoder().decode(reply?.payload);
  const [id = ""] = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(text) ?? [];
  return { count: new DataView((reply?.payload ?? new Uint8Array()).buffer).getUint32(1), id };
}

processTest("section 3.3 has what the original does, what is done here, and why", async () => {
  const document = await Deno.readTextFile(new URL("../../proto/client_protocol.md", import.meta.url));
  const [, section = ""] = /\n### 3\.3 Differences to the original\n(.*?)\n## 4\./s.exec(document) ?? [];
  const [, , ...rows] = section.split("\n").filter((line) => line.startsWith("|"));
  for (const row of rows) {
    const cells = row.slice(1, -1).split("|").map((cell) => cell.trim());
    assertEquals(cells.length, 4, row);
    assertEquals(cells.filter((cell) => cell === ""), [], row);
  }
  assertGreater(rows.length, 25);
  console.log(`${rows.length} differences, each with its reason`);
});

processTest("a message to a name that does not exist is not kept for whoever takes it", async () => {
  await using server = await ServerProcess.start();
  await using alice = await loggedIn(server.port, "alice");
  await alice.write("bob", "for the bob of today");
  assertEquals((await conversation(alice, "bob")).count, 0);
  await using bob = await loggedIn(server.port, "bob");
  assertEquals((await conversation(bob, "alice")).count, 0);
  assertEquals((await conversation(alice, "bob")).count, 0);
});

processTest("only the two people of a message can delete it, each in their way", async () => {
  await using server = await ServerProcess.start();
  await using alice = await loggedIn(server.port, "alice");
  await using bob = await loggedIn(server.port, "bob");
  await using eve = await loggedIn(server.port, "eve");
  await alice.write("bob", "one");
  const { id } = await conversation(alice, "bob");
  await eve.send(7, stringBytes(id));
  assertEquals((await conversation(eve, "alice")).count, 0);
  assertEquals((await conversation(bob, "alice")).count, 1);
  await bob.send(7, stringBytes(id));
  assertEquals([(await conversation(bob, "alice")).count, (await conversation(alice, "bob")).count], [0, 1]);
  await alice.send(7, stringBytes(id));
  assertEquals((await conversation(alice, "bob")).count, 0);
});

processTest(
  "what the original drops or dies of is answered with ERROR, and the connection goes on",
  async () => {
    await using server = await ServerProcess.start();
    await using gui = new OriginalWindow(server.port, "alice");
    await gui.connect();
    const wrong: readonly (readonly [number, Uint8Array])[] = [
      [2, stringBytes("no name before it")],
      [1, stringBytes("two words")],
      [1, stringBytes("")],
      [1, listBytes()],
      [1, Uint8Array.of(9)],
      [77, new Uint8Array()],
    ];
    for (const [type, payload] of wrong) assertEquals((await gui.ask(type, payload))?.type, 100);
    assertEquals(await gui.enterName(), 102);
    await gui.click();
    assertEquals(listNames((await gui.ask(2, stringBytes(PASSWORD)))?.payload), ["alice"]);
    await gui.write("Alice", "to myself");
    assertEquals((await conversation(gui, "ALICE")).count, 1);
    await gui.write("alice", "");
    await gui.write("alice", "x".repeat(16_385));
    await gui.send(9);
    assertEquals((await conversation(gui, "alice")).count, 1);
    console.log(`${wrong.length} frames that make no sense were answered`);
  },
);
