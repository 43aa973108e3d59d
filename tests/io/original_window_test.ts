import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import {
  dictionaryNames,
  listBytes,
  listNames,
  OriginalWindow,
  stringBytes,
} from "../testing/original_window.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

const PASSWORD = "password of alice";

/** Types of frames. */
const [ERROR, EXISTING, NOT_EXISTING, SUCCESS, FAILED, MESSAGES, USERS] = [100, 101, 102, 103, 104, 105, 106];

processTest(
  "the original's window logs in after a wrong password, and after one that breaks a rule",
  async () => {
    await using server = await ServerProcess.start();
    await using alice = new OriginalWindow(server.port, "alice");
    assertEquals(await alice.enterName(), NOT_EXISTING);
    assertEquals(await alice.enterPassword("short"), FAILED, "a rule");
    // A name that nobody has is not taken from PING: the window has to be opened anew.
    assertEquals(await alice.enterPassword(PASSWORD), ERROR);
    assertEquals(await alice.enterName(), NOT_EXISTING);
    assertEquals(await alice.enterPassword(PASSWORD), SUCCESS);

    await using again = new OriginalWindow(server.port, "alice");
    assertEquals(await again.enterName(), EXISTING);
    assertEquals(await again.enterPassword("a wrong password"), FAILED);
    assertEquals(await again.enterPassword("short"), FAILED);
    assertEquals(await again.enterPassword("x".repeat(100)), FAILED);
    assertEquals(await again.enterPassword("with\0nul"), FAILED);
    assertEquals(await again.enterPassword(PASSWORD), SUCCESS, "over a connection with PING alone");
    assertEquals((await again.ask(6))?.type, USERS);
  },
);

processTest("PING with the name of an account gives no right", async () => {
  await using server = await ServerProcess.start();
  await using alice = await TestClient.login(server.port, "alice");
  await using stranger = new OriginalWindow(server.port, "alice");
  const asked = { LIST_MESSAGES: [5, stringBytes("alice")], LIST_USERS: [6, new Uint8Array()] } as const;
  for (const [type, payload] of Object.values(asked)) {
    await stranger.click();
    await stranger.write("alice", "from a stranger");
    await stranger.click();
    assertEquals((await stranger.ask(type, payload))?.type, ERROR);
    assertEquals(await stranger.receive(), undefined, "the connection ends");
    stranger.close();
  }
  for (const type of [3, 4, 7, 8]) {
    await stranger.click();
    if (type === 3) await stranger.write("alice", "from a stranger");
    else await stranger.send(type, type === 8 ? undefined : stringBytes("alice"));
    assertEquals(await stranger.receive(), undefined, `${type} has no reply, and the connection ends`);
    stranger.close();
  }
  assertEquals((await alice.expect("listChats", {}, "chats")).chats, []);
  await using bob = new OriginalWindow(server.port, "bob");
  assertEquals(await bob.enterName(), NOT_EXISTING);
  assertEquals((await bob.ask(6))?.type, ERROR);
  assertEquals((await bob.ask(6))?.type, ERROR, "LOGIN_1 came: the connection goes on");
});

processTest("a node that is being filled closes connections of the original dialect at once", async () => {
  // A peer that never answers: the empty node waits for it for 2 s.
  using peer = Deno.listen({ hostname: "127.0.0.1", port: freePort() });
  const taken: Deno.Conn[] = [];
  const taking = (async () => {
    for await (const connection of peer) taken.push(connection);
  })();
  const { port: grpcPort } = peer.addr as Deno.NetAddr;
  const port = freePort();
  const others = [{ name: "node2", tcp: { host: "127.0.0.1", port: freePort() }, grpc: { port: grpcPort } }];
  await using server = await ServerProcess.spawn({ port, others });
  const seen = { closed: 0, refused: 0 };
  await eventually("alice can be asked about", async () => {
    assertEquals(server.isOver, false);
    await using gui = new OriginalWindow(port, "alice");
    await using other = new OriginalWindow(port, "alice");
    if (!await gui.connect().then(() => true, () => false)) return false;
    await gui.send(9, stringBytes("alice"));
    await other.connect();
    const answer = await other.ask(1, stringBytes("alice"));
    if (answer?.type === NOT_EXISTING) return true;
    assertEquals([answer?.type, await other.receive()], [ERROR, undefined]);
    assertEquals(await gui.receive(), undefined);
    seen.closed++;
    seen.refused++;
    return false;
  });
  assertGreater(seen.closed, 0);
  console.log(`${seen.closed} closed after PING, ${seen.refused} after the ERROR to LOGIN_1`);
  peer.close();
  await taking;
  for (const connection of taken) connection.close();
});

processTest("originalReconnect lets PING log in from this machine, and is warned of", async () => {
  const configuration = { originalReconnect: true };
  await using server = await ServerProcess.start({ configuration });
  await eventually("it warns", () => server.stderr.includes("originalReconnect is true"));
  assertStringIncludes(server.stderr, "logs in under any name without a password");
  await using alice = new OriginalWindow(server.port, "alice");
  assertEquals(await alice.enterName(), NOT_EXISTING);
  assertEquals(await alice.enterPassword(PASSWORD), SUCCESS);
  alice.close();
  await alice.click();
  await alice.write("alice", "without a password");
  await alice.click();
  const messages = await alice.ask(5, stringBytes("alice"));
  assertEquals(messages?.type, MESSAGES);
  assertStringIncludes(new TextDecoder().decode(messages?.payload), "without a password");
  await using nobody = new OriginalWindow(server.port, "nobody");
  await nobody.click();
  assertEquals((await nobody.ask(6))?.type, ERROR);
});

processTest("a thousand messages of the original's window are there when it lists them", async () => {
  const configuration = { limits: { registrationsPerHour: 0, registrationsPerTenMinutes: 0 } };
  await using server = await ServerProcess.start({ configuration });
  await using alice = new OriginalWindow(server.port, "alice");
  assertEquals(await alice.enterName(), NOT_EXISTING);
  assertEquals(await alice.enterPassword(PASSWORD), SUCCESS);
  const count = 1_000;
  for (let i = 0; i < count; i++) await alice.write("alice", `message ${i}`);
  // The window gives up after 5 s, and then this throws.
  const messages = await alice.ask(5, stringBytes("alice"));
  assertEquals(messages?.type, MESSAGES);
  const texts = new TextDecoder().decode(messages?.payload).match(/message \d+/g);
  assertEquals(texts, Array.from({ length: count }, (_, i) => `message ${i}`));
  console.log(`${count} messages of the default rate listed in order`);
});

processTest("the original's window sees people in the order of their registration", async () => {
  await using server = await ServerProcess.start();
  const names = ["zoe", "Bob", "alice", "bea"];
  for (const [i, name] of names.entries()) {
    await using gui = new OriginalWindow(server.port, name);
    assertEquals(await gui.enterName(), NOT_EXISTING);
    await gui.click();
    const success = await gui.ask(2, stringBytes(PASSWORD));
    assertEquals(success?.type, SUCCESS);
    assertEquals(listNames(success?.payload), names.slice(0, i + 1));
    const payloads = [new Uint8Array(), stringBytes(""), stringBytes("Bob"), listBytes()];
    for (const payload of payloads) {
      const users = await gui.ask(6, payload);
      assertEquals([users?.type, dictionaryNames(users?.payload)], [USERS, names.slice(0, i + 1)]);
    }
  }
});
