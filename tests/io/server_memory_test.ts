import { assert, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { MemoryFillers } from "../testing/fill_memory.ts";
import { scale } from "../testing/scale.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { withHeap } from "../testing/small_heap.ts";
import { freePort } from "../testing/free_port.ts";
import { openSockets } from "../testing/open_sockets.ts";
import { TestClient } from "../testing/test_client.ts";
import { makeCertificate } from "./net_harness.ts";

/** Heap of a full node, MiB, and one that does not hold what it has. */
const HEAP_MIB = 64;
const TOO_SMALL_MIB = 32;

const PROGRAM = withHeap(HEAP_MIB);

/** Connections without a login that come while the memory is full, and the least that are too many for it. */
const STRANGERS = 1_000;
const STRANGERS_MAX = 64;

const certificate = await makeCertificate();

Deno.test("ServerProcess goes on while its memory is full, and every acknowledged message outlives a crash", async () => {
  const data = `${await Deno.makeTempDir({ prefix: "chat-memory-test-" })}/data`;
  const fillers = new MemoryFillers(20, 16_000);
  const rounds = scale(2, 40);
  {
    await using server = await ServerProcess.start({ data, program: PROGRAM });
    await fillers.register(server.port);
    for (let round = 1; round <= rounds; round++) {
      await fillers.fill(server.port, scale(20, 200), round % 2 === 0);
      await checkFull(server.port);
      let strangers = 0;
      await eventually("no account is made", async () => {
        // Sessions that ended have freed some memory.
        await fillers.fill(server.port, 1);
        return await isRefused(server.port, `stranger${round}of${strangers++}`);
      });
      await fillers.delete(server.port, 0.3);
      await eventually("messages are taken again", () => fillers.isTaken(server.port));
    }
    await fillers.fill(server.port, 1);
    assertGreater(events(server, "memoryFull"), 0, server.stderr);
    assertEquals(server.isOver, false);
    await server.kill();
  }
  const compared = await verifyAfterRestart(data, fillers);
  assertEquals(compared, fillers.count);
  const refused = await ServerProcess.spawn({ data, program: withHeap(TOO_SMALL_MIB) });
  assertEquals(await refused.ended(), 1);
  assertMatch(refused.stderr, /the log does not fit in memory: \d+ MiB of the 32 MiB .*--max-old-space-size/);
  await refused[Symbol.asyncDispose]();
  await verifyAfterRestart(data, fillers);
  await Deno.remove(data.slice(0, -"/data".length), { recursive: true });
  console.log(`${rounds} times full and free, ${compared} messages compared`);
});

Deno.test("ServerProcess refuses short messages as long ones once its memory is full", async () => {
  const configuration = { limits: { ...QUICK.limits, inboxMessages: 0 } };
  await using server = await ServerProcess.start({ program: PROGRAM, configuration });
  const fillers = new MemoryFillers(20, 100);
  await fillers.register(server.port);
  await fillers.fill(server.port, 20);
  assertEquals(events(server, "memoryFull"), 1);
  assertEquals(await fillers.verify(server.port), fillers.count);
});

Deno.test({
  name: "ServerProcess lets strangers with TLS give way while its memory is full, and outlives 1,000 of them",
  ignore: certificate === undefined || Deno.build.os !== "linux",
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "chat-memory-test-" });
    const tls = { port: freePort(), cert: `${folder}/cert.pem`, key: `${folder}/key.pem` };
    await Deno.writeTextFile(tls.cert, certificate?.cert ?? "");
    await Deno.writeTextFile(tls.key, certificate?.key ?? "");
    await using server = await ServerProcess.start({ program: PROGRAM, node: { tls } });
    const fillers = new MemoryFillers(4, 16_000);
    await fillers.register(server.port);
    await using bob = await TestClient.login(server.port, "bob");
    await fillers.fill(server.port, 20);
    const strangers: Deno.Conn[] = [];
    // Once enough of them are gone, there is room again, and others come in.
    const left: number[] = [];
    for (let i = 0; i < STRANGERS; i++) {
      try {
        strangers.push(await stranger(tls.port));
      } catch {
        // It gave way before its handshake was over, or was not let in.
      }
      if (i % 4 === 0 && events(server, "memoryExhausted") > 0) left.push(openSockets(server.child.pid));
    }
    assertEquals(server.isOver, false, server.stderr);
    assertEquals(events(server, "memoryExhausted"), 1);
    // The listeners of clients and peers, and the session.
    assertLess(Math.min(...left), STRANGERS_MAX + 10);
    assertEquals((await bob.ask("ping", null)).name, "pong");
    await using again = await TestClient.login(server.port, "bob");
    assertEquals((await again.ask("ping", null)).name, "pong");
    console.log(
      `${left.length} looks while the memory was exhausted: ${Math.min(...left)} to ${
        Math.max(...left)
      } sockets`,
    );
    for (const one of strangers) one.close();
    await Deno.remove(folder, { recursive: true });
  },
});

/** Opens a connection with TLS that asks for nothing. */
async function stranger(port: number): Promise<Deno.Conn> {
  const caCerts = [certificate?.cert ?? ""];
  const connection = await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts });
  try {
    await connection.handshake();
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** A full node marks, lists and lets people log in. */
async function checkFull(port: number): Promise<void> {
  await using bob = await TestClient.login(port, "bob");
  const { messages } = await bob.expect("listMessages", { undelivered: true, limit: 3 }, "messages");
  assertGreater(messages.length, 0);
  await bob.expect("confirmDelivery", { ids: messages.map(({ id }) => id) }, "ok");
  await bob.expect("readMessages", { with: "sender0" }, "ok");
}

/** True if an account is not made for want of memory. */
async function isRefused(port: number, name: string): Promise<boolean> {
  await using stranger = await TestClient.connect(port);
  await stranger.ask("startLogin", { name });
  const reply = await stranger.ask("finishLogin", { password: `password of ${name}` });
  if (reply.name === "loginSuccess") return false;
  assert(reply.name === "error" && reply.payload.code === "read-only", JSON.stringify(reply));
  assertMatch(reply.payload.message, /the memory of this node is full.*delete messages/);
  return true;
}

async function verifyAfterRestart(data: string, fillers: MemoryFillers): Promise<number> {
  await using server = await ServerProcess.start({ data, program: PROGRAM });
  const compared = await fillers.verify(server.port);
  assertEquals((await server.stop()).code, 0);
  return compared;
}

function events({ stderr }: ServerProcess, event: string): number {
  return stderr.split("\n").filter((line) => line.includes(`"event":"${event}"`)).length;
}
