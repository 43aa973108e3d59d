import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import {
  eventually,
  NETWORK,
  rawFrame,
  type TestClient,
  TestServer,
  type TestSession,
} from "./net_harness.ts";

function test(name: string, body: () => Promise<void>): void {
  Deno.test({ name: NETWORK ? name : `${name} (ignored: needs --allow-net)`, ignore: !NETWORK, fn: body });
}

/** Time within which these limits drop a reader, ms; they are a second. */
const DROPPED_MS = 60_000;

/** More than the kernel buffers for a reader that does not read. */
const KERNEL_BYTES = 12 << 20;

/** The session of a client, which is connected for this purpose. */
async function sessionOf(server: TestServer, client: TestClient): Promise<TestSession> {
  await client.send(rawFrame(1));
  await client.receive();
  return server.sessions.at(-1) as TestSession;
}

test("Outbox drops a reader that never reads and is over the hard bound, while another is served", async () => {
  await using server = new TestServer({ outboundBytesSoft: 1 << 20, outboundSoftMs: 900, writeMs: 60_000 });
  using silent = await server.connect();
  const slow = await sessionOf(server, silent);
  using reader = await server.connect();
  const fast = await sessionOf(server, reader);
  const frame = rawFrame(200, new Uint8Array(50_000));
  let sent = 0;
  const untilMs = performance.now() + DROPPED_MS;
  while (slow.disconnects === 0 && performance.now() < untilMs) {
    if (sent < 1_000) slow.link.send(frame);
    fast.link.send(frame);
    sent++;
    assertEquals((await reader.receive())?.payload.length, 50_000);
  }
  console.log(`checked ${sent} frames of 50 kB until the silent reader was dropped`);
  const [line] = server.logger.of("slowReaderDropped");
  assertEquals([line?.["limit"], line?.["allowed"], line?.["address"]], [
    "outboundBytesHard",
    1 << 20,
    "127.0.0.1",
  ]);
  assertGreater(line?.["bytes"], 1 << 20);
  assertStringIncludes(String(line?.["reason"]), "raise outboundSoftMs");
  await eventually(() => server.connections.count === 1);
  assertEquals([slow.disconnects, fast.disconnects], [1, 0]);
});

test("Outbox drops a reader that stays over the hard bound, and one that takes nothing", async () => {
  const bounds = {
    outboundBytesSoft: 1 << 20,
    outboundBytesHard: 2 << 20,
    outboundSoftMs: 900,
    writeMs: 60_000,
  };
  const nothing = { writeMs: 900, outboundSoftMs: 100 };
  for (const [limits, limit] of [[bounds, "outboundBytesHard"], [nothing, "writeMs"]] as const) {
    await using server = new TestServer(limits);
    using silent = await server.connect();
    const session = await sessionOf(server, silent);
    session.link.send(rawFrame(105, new Uint8Array(KERNEL_BYTES)), limit === "writeMs");
    session.link.send(rawFrame(200, new Uint8Array(2_000)));
    await eventually(() => session.disconnects === 1, DROPPED_MS);
    assertEquals(server.logger.of("slowReaderDropped").map((line) => line["limit"]), [limit]);
  }
});

test("Outbox drops the longest queue when all together are too long", async () => {
  await using server = new TestServer({ outboundBytesTotal: 20 << 20 });
  using one = await server.connect();
  const short = await sessionOf(server, one);
  using other = await server.connect();
  const long = await sessionOf(server, other);
  long.link.send(rawFrame(105, new Uint8Array(12 << 20)), true);
  short.link.send(rawFrame(105, new Uint8Array(9 << 20)), true);
  await eventually(() => long.disconnects === 1);
  assertEquals(server.logger.of("slowReaderDropped").map((line) => line["limit"]), ["outboundBytesTotal"]);
  assertEquals((await one.receive())?.payload.length, 9 << 20);
  assertEquals(short.disconnects, 0);
});

test("Outbox brings 8 MiB whole and in order to a slow reader, with what follows them", async () => {
  await using server = new TestServer();
  using client = await server.connect();
  const session = await sessionOf(server, client);
  const words = Uint32Array.from({ length: 2 << 20 }, (_, i) => i);
  const payload = new Uint8Array(words.buffer);
  session.link.send(rawFrame(105, payload), true);
  for (let type = 200; type < 220; type++) session.link.send(rawFrame(type, payload.subarray(0, 100)));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const received = await client.receive();
  assertEquals([received?.type, received?.payload.length], [105, payload.length]);
  assertEquals(received?.payload.findIndex((byte, i) => byte !== payload[i]), -1);
  for (let type = 200; type < 220; type++) assertEquals((await client.receive())?.type, type);
  assertEquals(session.disconnects, 0);
});

test("close() gives up on a reader that does not take its last words", async () => {
  await using server = new TestServer({ writeMs: 500 });
  using silent = await server.connect();
  const session = await sessionOf(server, silent);
  session.link.send(rawFrame(105, new Uint8Array(KERNEL_BYTES)), true);
  session.link.close();
  await eventually(() => session.disconnects === 1 && server.connections.count === 0);
});
