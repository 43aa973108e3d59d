import { assert, assertEquals, assertLessOrEqual, assertStringIncludes, assertThrows } from "@std/assert";
import { Listener } from "../../server/net/listener.ts";
import { eventually, makeCertificate, NETWORK, rawFrame, TestClient, TestServer } from "./net_harness.ts";
import { decodeOriginalReply } from "../testing/protocol_frames.ts";

/** Connections that come at once: fewer than the system lets wait. */
const AT_ONCE = 100;

function test(name: string, body: () => Promise<void>, ignoredBecause?: string): void {
  const reason = NETWORK ? ignoredBecause : "needs --allow-net";
  const ignore = reason !== undefined;
  Deno.test({ name: ignore ? `${name} (ignored: ${reason})` : name, ignore, fn: body });
}

async function refusalOf(client: TestClient): Promise<unknown> {
  const frame = await client.receive();
  assert(frame !== undefined, "the connection ended without a word");
  const reply = decodeOriginalReply(frame);
  assertEquals([reply.name, await client.receive()], ["error", undefined]);
  return reply.payload;
}

test("Connections refuses one connection too many with an ERROR, and lets it in when there is room", async () => {
  await using server = new TestServer({ connections: 1 });
  const first = await server.connect();
  await eventually(() => server.connections.count === 1);
  {
    using second = await server.connect();
    await second.send(rawFrame(1));
    assertStringIncludes(
      String(await refusalOf(second)),
      "1 connections and its limit is 1 (limits.connections)",
    );
  }
  first[Symbol.dispose]();
  await eventually(() => server.connections.count === 0);
  using third = await server.connect();
  await third.send(rawFrame(1));
  assertEquals((await third.receive())?.type, 1);
});

test("a Listener accepts many connections that come at once in several passes of the event loop", async () => {
  await using server = new TestServer({});
  const growths: number[] = [];
  let before = 0;
  const look = (): void => {
    growths.push(server.connections.count - before);
    before = server.connections.count;
  };
  const looking = setInterval(look, 0);
  const clients = await Promise.all(Array.from({ length: AT_ONCE }, () => server.connect()));
  await eventually(() => server.connections.count === AT_ONCE);
  clearInterval(looking);
  look();
  // A look may come behind two passes.
  assertLessOrEqual(Math.max(...growths), 16);
  console.log(`${AT_ONCE} connections, at most ${Math.max(...growths)} between two looks`);
  for (const client of clients) client[Symbol.dispose]();
});

test("Connections lets the oldest that is not logged in give way to a new one", async () => {
  await using server = new TestServer({ unauthenticatedConnections: 2 });
  const clients: TestClient[] = [];
  for (let i = 0; i < 3; i++) {
    const client = await server.connect();
    clients.push(client);
    await client.send(rawFrame(1));
    assertEquals((await client.receive())?.type, 1);
    if (i === 0) server.session.loggedIn = true;
  }
  using last = await server.connect();
  await last.send(rawFrame(1));
  assertEquals((await last.receive())?.type, 1);
  assertEquals([(await clients[1]?.receive())?.type, await clients[1]?.ended()], [100, true]);
  await eventually(() => server.sessions[1]?.disconnects === 1);
  assertEquals(server.sessions.map((session) => session.disconnects), [0, 1, 0, 0]);
  for (const client of clients) client[Symbol.dispose]();
});

test("Connections lets the oldest of one address give way, where loopback is not exempt", async () => {
  await using server = new TestServer({ loopbackExempt: false, unauthenticatedPerAddress: 2, crowdMs: 1 });
  const clients = [await server.connect(), await server.connect(), await server.connect()];
  assertEquals([(await clients[0]?.receive())?.type, await clients[0]?.ended()], [100, true]);
  await eventually(() => server.connections.count === 2);
  for (const client of clients.slice(1)) {
    await client.send(rawFrame(1));
    assertEquals((await client.receive())?.type, 1);
  }
  for (const client of clients) client[Symbol.dispose]();
});

test("closeAll() resolves when the last connection has ended", async () => {
  await using server = new TestServer();
  using client = await server.connect();
  await client.send(rawFrame(1));
  await client.receive();
  server.listener.close();
  server.listener.close();
  const closed = server.connections.closeAll();
  assertEquals(await client.receive(), undefined);
  client.socket.closeWrite();
  await closed;
  assertEquals([server.session.disconnects, server.connections.count], [1, 0]);
});

const certificate = await makeCertificate();
const withoutCertificate = certificate === undefined
  ? "needs openssl on this machine, --allow-run, --allow-read and --allow-write"
  : undefined;

async function connectTls(server: TestServer): Promise<TestClient> {
  const options = { hostname: "127.0.0.1", port: server.listener.port, caCerts: [certificate?.cert ?? ""] };
  return new TestClient(await Deno.connectTls(options));
}

test("Listener serves TLS, whole large frames included", async () => {
  await using server = new TestServer({}, undefined, certificate);
  using client = await connectTls(server);
  const payload = Uint8Array.from({ length: 200_000 }, (_, i) => i * 7919 >> 8);
  for (const type of [1, 2, 3]) {
    await client.send(rawFrame(type, payload));
    assertEquals(await client.receive(), { type, payload });
  }
}, withoutCertificate);

test("Listener is not hurt by plaintext on the TLS port", async () => {
  await using server = new TestServer({}, undefined, certificate);
  for (let i = 0; i < 10; i++) {
    using plain = await server.connect();
    await plain.send(rawFrame(1));
    await plain.socket.read(new Uint8Array(100)).catch(() => null);
  }
  await eventually(() => server.connections.count === 0);
  assertEquals([server.sessions.length, server.logger.of("tlsHandshakeFailed").length], [0, 10]);
  using client = await connectTls(server);
  await client.send(rawFrame(1));
  assertEquals((await client.receive())?.type, 1);
}, withoutCertificate);

test("Listener drops a TLS client that says nothing, and serves others meanwhile", async () => {
  await using server = new TestServer({ tlsHandshakeMs: 3_000 }, undefined, certificate);
  using _silent = await server.connect();
  await eventually(() => server.connections.count === 1);
  using client = await connectTls(server);
  await client.send(rawFrame(1));
  assertEquals((await client.receive())?.type, 1);
  await eventually(() => server.connections.count === 1);
  await eventually(() => server.logger.of("tlsHandshakeFailed").length === 1);
  await client.send(rawFrame(2));
  assertEquals((await client.receive())?.type, 2);
  assertEquals(server.sessions.length, 1);
}, withoutCertificate);

test("Connections refuses over TLS with an ERROR too", async () => {
  await using server = new TestServer({ connections: 1 }, undefined, certificate);
  using first = await connectTls(server);
  await first.send(rawFrame(1));
  await first.receive();
  using second = await connectTls(server);
  assertStringIncludes(String(await refusalOf(second)), "limits.connections");
}, withoutCertificate);

test("Listener throws the error of the runtime if a port is taken", async () => {
  await using server = new TestServer();
  const { port } = server.listener;
  for (const tls of [{}, { tls: certificate ?? { cert: "", key: "" } }]) {
    assertThrows(
      () => new Listener({ hostname: "127.0.0.1", port, ...tls }, server.connections, server.logger),
      Deno.errors.AddrInUse,
    );
  }
}, withoutCertificate);

test("Listener goes on at once after connections that were reset before it accepted them", async () => {
  const { listen } = Deno;
  let resets = 40;
  // A reset before the accept cannot be had from this runtime; the system reports it like this.
  const resetting = (options: Parameters<typeof listen>[0]): Deno.Listener => {
    const listener = listen(options);
    const accept = listener.accept.bind(listener);
    listener.accept = () =>
      resets-- > 0
        ? Promise.reject(new Deno.errors.NotConnected("Transport endpoint is not connected (os error 107)"))
        : accept();
    return listener;
  };
  Object.assign(Deno, { listen: resetting });
  try {
    await using server = new TestServer();
    using client = await server.connect();
    await client.send(rawFrame(1));
    assertEquals((await client.receive())?.type, 1);
    assertEquals([server.logger.of("acceptFailed"), resets < 0], [[], true]);
  } finally {
    Object.assign(Deno, { listen });
  }
});
