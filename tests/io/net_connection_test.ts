import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { eventually, NETWORK, rawFrame, TestServer } from "./net_harness.ts";

function test(name: string, body: () => Promise<void>): void {
  Deno.test({ name: NETWORK ? name : `${name} (ignored: needs --allow-net)`, ignore: !NETWORK, fn: body });
}

const PAYLOAD = new TextEncoder().encode("payload");

test("Connection hands over a frame that arrives byte by byte", async () => {
  await using server = new TestServer();
  using client = await server.connect();
  for (const byte of rawFrame(7, PAYLOAD)) await client.send(Uint8Array.of(byte));
  assertEquals(await client.receive(), { type: 7, payload: PAYLOAD });
  assertEquals(server.session.types, [7]);
});

test("Connection hands over all frames of one chunk, in order", async () => {
  await using server = new TestServer();
  using client = await server.connect();
  await client.send(new Uint8Array([...rawFrame(1), ...rawFrame(2, PAYLOAD), ...rawFrame(3).subarray(0, 5)]));
  assertEquals([(await client.receive())?.type, (await client.receive())?.type], [1, 2]);
  await client.send(rawFrame(3).subarray(5));
  assertEquals((await client.receive())?.type, 3);
});

test("Connection takes and gives payloads that need many reads and writes", async () => {
  await using server = new TestServer({ outboundBytesHard: 1 << 22 });
  using client = await server.connect();
  const payload = crypto.getRandomValues(new Uint8Array(1 << 16));
  for (let i = 0; i < 16; i++) await client.send(rawFrame(i, payload));
  for (let i = 0; i < 16; i++) assertEquals(await client.receive(), { type: i, payload });
});

test("Connection reports a frame over the limit, and reads nothing after it", async () => {
  await using server = new TestServer({}, (session) => session.payloadBytesMax = 6);
  using client = await server.connect();
  await client.send(
    new Uint8Array([...rawFrame(1, PAYLOAD.subarray(1)), ...rawFrame(2, PAYLOAD), ...rawFrame(3)]),
  );
  assertEquals((await client.receive())?.type, 1);
  assertEquals((await client.receive())?.type, 100);
  assertEquals(await client.receive(), undefined);
  assertEquals(server.session.types, [1]);
  assertEquals(server.session.errors.map((error) => error.fatal), [true]);
});

test("Connection lets its last words arrive although the other end is still sending", async () => {
  await using server = new TestServer({}, (session) => session.payloadBytesMax = 6);
  using client = await server.connect();
  await client.send(rawFrame(1, new Uint8Array(1 << 20)));
  assertEquals((await client.receive())?.type, 100);
  assertEquals(await client.receive(), undefined);
});

test("resume() lets the frames come that received() has held up with Infinity", async () => {
  await using server = new TestServer({}, (session) => session.onFrame = () => Infinity);
  using client = await server.connect();
  await client.send(new Uint8Array([...rawFrame(1), ...rawFrame(2)]));
  await eventually(() => server.sessions.length === 1 && server.session.types.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assertEquals(server.session.types, [1]);
  server.session.link.resume();
  await eventually(() => server.session.types.length === 2);
  server.session.onFrame = undefined;
  server.session.link.resume();
  await client.send(rawFrame(3));
  assertEquals((await client.receive())?.type, 3);
});

test("received() delays the next frame by as long as it says, whatever resume() says", async () => {
  const cameMs: number[] = [];
  await using server = new TestServer({}, (session) =>
    session.onFrame = () => {
      cameMs.push(performance.now());
      return 100;
    });
  using client = await server.connect();
  await client.send(new Uint8Array([...rawFrame(1), ...rawFrame(2)]));
  await eventually(() => server.sessions.length === 1 && server.session.types.length === 1);
  server.session.link.resume();
  await eventually(() => server.session.types.length === 2);
  const [firstMs = NaN, secondMs = NaN] = cameMs;
  assertGreater(secondMs - firstMs, 80);
});

test("close() sends what is queued, ends the connection, and wakes one that waits", async () => {
  await using server = new TestServer({}, (session) => session.onFrame = () => Infinity);
  using client = await server.connect();
  await client.send(new Uint8Array([...rawFrame(1), ...rawFrame(2)]));
  await eventually(() => server.sessions.length === 1 && server.session.types.length === 1);
  server.session.link.send(rawFrame(50));
  server.session.link.close();
  server.session.link.send(rawFrame(51));
  assertEquals((await client.receive())?.type, 50);
  assertEquals(await client.receive(), undefined);
  client.socket.closeWrite();
  await eventually(() => server.session.disconnects > 0);
  assertEquals([server.session.types, server.session.disconnects], [[1], 1]);
});

test("close() does not wait for ever for the other end to close", async () => {
  await using server = new TestServer();
  using client = await server.connect();
  await client.send(rawFrame(1));
  await client.receive();
  server.session.link.close();
  await eventually(() => server.connections.count === 0);
  assertEquals(server.session.disconnects, 1);
});

test("Connection answers what was asked before the other end finished", async () => {
  await using server = new TestServer();
  using client = await server.connect();
  await client.send(rawFrame(1));
  await client.socket.closeWrite();
  assertEquals((await client.receive())?.type, 1);
  assertEquals(await client.receive(), undefined);
  await eventually(() => server.connections.count === 0);
  assertEquals(server.session.disconnects, 1);
});

test("Connection drops a frame that is begun and not finished in time, and says so", async () => {
  await using server = new TestServer({ frameCompletionMs: 1_500 });
  using client = await server.connect();
  using talkative = await server.connect();
  await client.send(rawFrame(1, PAYLOAD).subarray(0, 15));
  for (let i = 0; i < 30; i++) {
    // The end of a frame and the beginning of the next: always incomplete, and far from its deadline.
    await talkative.send(
      new Uint8Array([...rawFrame(2).subarray(i === 0 ? 0 : 6), ...rawFrame(2).subarray(0, 6)]),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assertEquals((await client.receive())?.type, 100);
  assertEquals(await client.receive(), undefined);
  assertEquals((await talkative.receive())?.type, 2);
  await eventually(() => server.connections.count === 1);
  const [error] = server.sessions.flatMap((session) => session.errors);
  assertStringIncludes(error?.message ?? "", "not finished within 1500 ms");
});

test("Connection closes at the deadline of its session: 500 that are silent, not one that is not", async () => {
  const startMs = performance.now();
  await using server = new TestServer({}, (session) => session.deadlineMs = startMs + 1_000);
  using talkative = await server.connect();
  await talkative.send(rawFrame(1));
  await talkative.receive();
  server.session.deadlineMs = Infinity;
  const clients = await Promise.all(Array.from({ length: 500 }, () => server.connect()));
  await eventually(() => server.connections.count === 501);
  const ended = await Promise.all(clients.map((client) => client.ended()));
  console.log(
    `checked ${ended.length} silent connections, gone after ${Math.round(performance.now() - startMs)} ms`,
  );
  for (const client of clients) client[Symbol.dispose]();
  assertEquals(ended.every((end) => end), true);
  await eventually(() => server.connections.count === 1);
  await talkative.send(rawFrame(2));
  assertEquals((await talkative.receive())?.type, 2);
});

test("Connection hands what a session throws to onFault, and ends", async () => {
  const thrown = new TypeError("planted");
  await using server = new TestServer({}, (session) => {
    session.onFrame = () => {
      throw thrown;
    };
  });
  using client = await server.connect();
  await client.send(rawFrame(1));
  assertEquals(await client.ended(), true);
  await eventually(() => server.session.disconnects > 0);
  assertEquals([server.faults, server.session.disconnects], [[thrown], 1]);
});

test("Connection survives a reset, and ends only itself", async () => {
  await using server = new TestServer({}, (session) => session.onFrame = () => Infinity);
  const reset = await server.connect();
  await reset.send(new Uint8Array([...rawFrame(1), ...rawFrame(2)]));
  await eventually(() => server.sessions[0]?.types.length === 1);
  server.session.link.send(rawFrame(1, new Uint8Array(1 << 19)));
  await new Promise((resolve) => setTimeout(resolve, 20));
  reset[Symbol.dispose]();
  server.session.link.resume();
  server.session.link.send(rawFrame(1, new Uint8Array(1 << 19)));
  await eventually(() => server.connections.count === 0);
  assertEquals([server.session.disconnects, server.faults], [1, []]);
});
