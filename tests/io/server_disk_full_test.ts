import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { Load } from "../testing/load.ts";
import { scale } from "../testing/scale.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { SmallDisk, whyNoSmallDisk } from "../testing/small_disk.ts";
import { OriginalTestClient, TestClient } from "../testing/test_client.ts";

const MEBIBYTE = 1_048_576;
const DISK_BYTES = 64 * MEBIBYTE;
/** The file that fills the disk, and the one that takes what the node has given up. */
const [BALLAST, REST] = ["ballast", "rest"];

const reason = await whyNoSmallDisk();
const noted = reason === undefined ? "" : ` (ignored: ${reason})`;

function diskTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: name + noted, ignore: reason !== undefined, fn });
}

diskTest("ServerProcess goes on reading while the disk is full, and recovers by itself", async () => {
  await using disk = await SmallDisk.mount(DISK_BYTES);
  const data = `${disk.folder}/data`;
  const load = new Load(1, 4, 1_000);
  const cycles = scale(3, 20);
  {
    await using server = await ServerProcess.start({ data, configuration: { reserveBytes: MEBIBYTE } });
    await load.register(server.port);
    await using alice = await TestClient.login(server.port, "alice");
    await TestClient.login(server.port, "bob").then((bob) => bob[Symbol.asyncDispose]());
    const { id } = await alice.expect("sendMessage", { to: "bob", content: "before" }, "sent");
    for (let cycle = 1; cycle <= cycles; cycle++) {
      await fillUnderLoad(disk, server, load);
      await checkReadOnly(server.port, alice, id);
      if (cycle === cycles) break;
      await disk.free(BALLAST);
      await eventually(
        "the server takes messages again",
        async () =>
          (await alice.ask("sendMessage", { to: "bob", content: `after ${cycle}` })).name === "sent",
      );
      assertGreater(await load.verify(server.port), 0);
    }
    await server.kill();
  }
  // A copy of the log, which a start makes, may fit into the reserve.
  await disk.fill(REST);
  const refused = await ServerProcess.spawn({ data, configuration: { reserveBytes: MEBIBYTE } });
  assertEquals(await refused.ended(), 1);
  assertStringIncludes(refused.stderr, "disk is full");
  await refused[Symbol.asyncDispose]();
  for (const file of [BALLAST, REST]) await disk.free(file);
  const compared = await verifyAfterRestart(data, load);
  console.log(`${cycles} times full and free, ${compared} messages compared: ${load.summary()}`);
});

diskTest("ServerProcess without a reserve ends when the disk is full, and loses nothing", async () => {
  await using disk = await SmallDisk.mount(DISK_BYTES);
  const data = `${disk.folder}/data`;
  const load = new Load(2, 4, 1_000);
  {
    await using server = await ServerProcess.start({ data, configuration: { reserveBytes: 0 } });
    await load.register(server.port);
    const working = load.work(server.port);
    await load.visited();
    await disk.fill(BALLAST);
    assertEquals(await server.ended(), 1);
    await working;
    await server.stop();
    assertStringIncludes(server.stderr, '"event":"fault"');
    assertEquals([...load.refused.keys()], []);
  }
  await disk.free(BALLAST);
  const compared = await verifyAfterRestart(data, load);
  console.log(`${compared} messages compared: ${load.summary()}`);
});

async function fillUnderLoad(disk: SmallDisk, server: ServerProcess, load: Load): Promise<void> {
  const before = load.refused.get("read-only") ?? 0;
  const working = load.work(server.port);
  await load.visited();
  await disk.fill(BALLAST);
  await eventually("requests are refused", () => (load.refused.get("read-only") ?? 0) > before);
  load.stop();
  await working;
}

async function checkReadOnly(port: number, alice: TestClient, id: string): Promise<void> {
  const requests = [
    await alice.ask("sendMessage", { to: "bob", content: "while full" }),
    await alice.ask("deleteMessages", { ids: [id] }),
    await alice.ask("changePassword", { old: "password of alice", new: "another password" }),
    await alice.ask("logout", null),
  ];
  for (const reply of requests) {
    assert(reply.name === "error" && reply.payload.code === "read-only", JSON.stringify(reply));
    assert((reply.payload.retryAfter ?? 0) > 0);
  }
  assertEquals((await alice.ask("ping", null)).name, "pong");
  alice.pushes.items.length = 0;
  {
    await using bob = await TestClient.connect(port);
    await bob.expect("startLogin", { name: "bob" }, "userExisting");
    const login = await bob.expect("finishLogin", { password: "password of bob" }, "loginSuccess");
    assertEquals(login.token, "");
    const { messages } = await bob.expect("listMessages", { with: "alice", limit: 500 }, "messages");
    assert(messages.some((message) => message.id === id));
    assert(!messages.some(({ content }) => content === "while full"));
    assertEquals((await alice.push()).payload, { name: "bob", change: "online" });
  }
  await checkOriginal(port);
}

async function checkOriginal(port: number): Promise<void> {
  await using bob = await OriginalTestClient.login(port, "bob");
  await bob.send("sendMessage", { to: "alice", content: "while full" });
  const messages = await bob.ask("listMessages", { with: "alice" });
  assert(messages.name === "messages");
  assertGreater(messages.payload.length, 0);
  assert(!messages.payload.some(({ content }) => content === "while full"));
  await using carol = await OriginalTestClient.connect(port);
  assertEquals((await carol.ask("startLogin", { name: "carol" })).name, "userNotExisting");
  assertEquals((await carol.ask("finishLogin", { password: "password of carol" })).name, "error");
}

async function verifyAfterRestart(data: string, load: Load): Promise<number> {
  await using server = await ServerProcess.start({ data });
  await load.verify(server.port);
  const compared = await load.verify(server.port);
  assertEquals((await server.stop()).code, 0);
  return compared;
}
