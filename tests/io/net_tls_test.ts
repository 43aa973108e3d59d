import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { connect as connectTlsOverNode } from "node:tls";
import { openDoor } from "../../server/net/door.ts";
import { Listener } from "../../server/net/listener.ts";
import type { Socket } from "../../server/net/socket.ts";
import { openSockets } from "../testing/open_sockets.ts";
import {
  eventually,
  KeptLogger,
  makeCertificate,
  NETWORK,
  rawFrame,
  TestClient,
  TestServer,
} from "./net_harness.ts";

const certificate = await makeCertificate();
const LINUX = Deno.build.os === "linux";

function test(name: string, body: () => Promise<void>): void {
  const reason = !NETWORK
    ? "needs --allow-net"
    : certificate === undefined
    ? "needs openssl on this machine, --allow-run, --allow-read and --allow-write"
    : LINUX
    ? undefined
    : "needs Linux";
  const ignore = reason !== undefined;
  Deno.test({ name: ignore ? `${name} (ignored: ${reason})` : name, ignore, fn: body });
}

function tlsServer(limits: Record<string, number> = {}): TestServer {
  return new TestServer(limits, undefined, certificate);
}

/** Sockets of this process at the port of a server, with both ends: tests beside this one have their own. */
function socketsAt(server: TestServer): number {
  return openSockets("self", server.listener.port);
}

async function connectTls(server: TestServer, cert = certificate?.cert ?? ""): Promise<TestClient> {
  const place = { hostname: "127.0.0.1", port: server.listener.port };
  return new TestClient(await Deno.connectTls({ ...place, caCerts: [cert] }));
}

/** A connection after its handshake, and one echoed frame. */
async function echoed(server: TestServer): Promise<TestClient> {
  const client = await connectTls(server);
  await client.send(rawFrame(1));
  assertEquals((await client.receive())?.type, 1);
  return client;
}

/** The first bytes of a TLS client, as they go over the wire. */
async function clientHello(): Promise<Uint8Array> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const client = connectTlsOverNode({ host: "127.0.0.1", port: listener.addr.port });
  const ended = new Promise((resolve) => client.on("error", () => {}).on("close", resolve));
  using connection = await listener.accept();
  const buffer = new Uint8Array(4_096);
  const count = await connection.read(buffer);
  client.destroy();
  await ended;
  return buffer.slice(0, count ?? 0);
}

test("Listener frees the descriptor of every handshake that is not finished, wherever it stops", async () => {
  const hello = await clientHello();
  const cuts = [0, 1, 4, 5, 6, 9, 43, 44, 100, hello.length - 1, hello.length].map((end) =>
    hello.slice(0, end)
  );
  await using server = tlsServer({ tlsHandshakeMs: 3_000 });
  const before = socketsAt(server);
  const clients = [];
  for (const bytes of cuts) {
    const client = await server.connect();
    await client.send(bytes);
    clients.push(client);
  }
  await eventually(() => server.connections.count === cuts.length);
  assertEquals(socketsAt(server), before + 2 * cuts.length);
  using good = await echoed(server);
  await eventually(() => server.connections.count === 1);
  // The ends of the clients are still open, and both of the good client.
  await eventually(() => socketsAt(server) === before + cuts.length + 2);
  await good.send(rawFrame(2));
  assertEquals((await good.receive())?.type, 2);
  assertEquals(server.sessions.length, 1);
  for (const client of clients) client[Symbol.dispose]();
});

test("Listener frees the descriptor of a client that sends no TLS at once, with an alert", async () => {
  await using server = tlsServer();
  const before = socketsAt(server);
  const clients = [];
  for (const words of ["GET / HTTP/1.1\r\n\r\n", "\0".repeat(50), "SSH-2.0-x\r\n"]) {
    const client = await server.connect();
    await client.send(new TextEncoder().encode(words));
    clients.push(client);
    const buffer = new Uint8Array(100);
    assertEquals([await client.socket.read(buffer), buffer[0]], [7, 21]);
  }
  await eventually(() => server.connections.count === 0 && socketsAt(server) === before + clients.length);
  for (const client of clients) client[Symbol.dispose]();
});

test("Listener refuses a ClientHello without end before much of it has arrived", async () => {
  await using server = tlsServer();
  using client = await server.connect();
  const record = Uint8Array.of(22, 3, 1, 64, 0, 1, 255, 255, 255, ...new Uint8Array(16_380));
  let sent = 0;
  try {
    for (; sent < 1_000; sent++) await client.send(record);
  } catch {
    // The server has closed the connection.
  }
  assertLess(sent, 1_000);
  await eventually(() => server.connections.count === 0);
  assertEquals(server.logger.of("tlsHandshakeFailed").length, 1);
});

test("end() frees the descriptor of a TLS client that reads nothing", async () => {
  await using server = tlsServer({ outboundBytesHard: 1 << 26, outboundBytesSoft: 1 << 26, writeMs: 1_000 });
  const before = socketsAt(server);
  const client = await echoed(server);
  for (let count = 0; count < 200; count++) server.session.link.send(rawFrame(2, new Uint8Array(100_000)));
  await eventually(() => server.logger.of("slowReaderDropped").length === 1);
  assertEquals(server.logger.of("slowReaderDropped").map(({ limit }) => limit), ["writeMs"]);
  await eventually(() => socketsAt(server) === before + 1);
  client[Symbol.dispose]();
});

test("A TLS reader that takes 5 MB slowly is not dropped, and gets every byte", async () => {
  const limits = { outboundBytesHard: 1 << 26, outboundBytesSoft: 1 << 26, writeMs: 6_000 };
  await using server = tlsServer(limits);
  using client = await echoed(server);
  const payload = crypto.getRandomValues(new Uint8Array(50_000));
  for (let count = 0; count < 100; count++) server.session.link.send(rawFrame(count, payload));
  for (let count = 0; count < 100; count++) {
    assertEquals(await client.receive(), { type: count, payload });
    if (count % 25 === 0) await new Promise((resolve) => setTimeout(resolve, 1_500));
  }
  assertEquals(server.logger.of("slowReaderDropped"), []);
});

test("A TLS client that has finished still gets its answers, and then a clean end", async () => {
  await using server = tlsServer();
  using client = await connectTls(server);
  for (let type = 1; type <= 50; type++) await client.send(rawFrame(type, new Uint8Array(1_000)));
  await (client.socket as Deno.TlsConn).closeWrite();
  for (let type = 1; type <= 50; type++) assertEquals((await client.receive())?.type, type);
  assertEquals(await client.receive(), undefined);
  await eventually(() => server.connections.count === 0);
});

test("close() of a session ends TLS cleanly behind its last words", async () => {
  await using server = tlsServer();
  using client = await echoed(server);
  server.session.link.send(rawFrame(9, new Uint8Array(300_000)));
  server.session.link.close();
  assertEquals((await client.receive())?.payload.length, 300_000);
  assertEquals(await client.receive(), undefined);
  client.socket.closeWrite();
  await eventually(() => server.connections.count === 0);
});

test("A TLS client that vanishes ends only itself", async () => {
  await using server = tlsServer();
  const before = socketsAt(server);
  using good = await echoed(server);
  for (let count = 0; count < 20; count++) {
    const client = await connectTls(server);
    await client.send(rawFrame(1, new Uint8Array(count * 5_000)));
    client[Symbol.dispose]();
  }
  await eventually(() => server.connections.count === 1 && socketsAt(server) === before + 2);
  await good.send(rawFrame(3));
  assertEquals((await good.receive())?.type, 3);
  assertEquals(server.faults, []);
});

test("renew() shows another certificate to new connections, and keeps the old ones", async () => {
  const other = await makeCertificate();
  assert(other !== undefined);
  await using server = tlsServer();
  using old = await echoed(server);
  server.listener.renew(other);
  using now = await connectTls(server, other.cert);
  await now.send(rawFrame(4));
  assertEquals((await now.receive())?.type, 4);
  await old.send(rawFrame(5));
  assertEquals((await old.receive())?.type, 5);
  assertThrows(() => server.listener.renew({ cert: "no certificate", key: other.key }), Error);
  assertThrows(() => server.listener.renew({ cert: other.cert, key: certificate?.key ?? "" }), Error);
  using still = await connectTls(server, other.cert);
  await still.send(rawFrame(6));
  assertEquals((await still.receive())?.type, 6);
});

test("Listener asks for the client's address before TLS", async () => {
  await using server = tlsServer();
  const listener = new Listener(
    {
      hostname: "127.0.0.1",
      port: 0,
      tls: certificate ?? { cert: "", key: "" },
      clientAddress: (connection) =>
        (async () => {
          const header = new Uint8Array(1);
          await connection.read(header);
          if (header[0] !== 7) throw new Error("no header");
          return "192.0.2.7";
        })(),
    },
    server.connections,
    server.logger,
  );
  const wrong = new TestClient(await Deno.connect({ hostname: "127.0.0.1", port: listener.port }));
  await wrong.send(Uint8Array.of(1));
  assertEquals(await wrong.ended(), true);
  wrong[Symbol.dispose]();
  const raw = await Deno.connect({ hostname: "127.0.0.1", port: listener.port });
  await raw.write(Uint8Array.of(7));
  using client = new TestClient(
    await Deno.startTls(raw, { hostname: "127.0.0.1", caCerts: [certificate?.cert ?? ""] }),
  );
  await client.send(rawFrame(1));
  assertEquals((await client.receive())?.type, 1);
  assertEquals(server.session.link.address, "192.0.2.7");
  listener.close();
  client.socket.closeWrite();
  await eventually(() => server.connections.count === 0 && openSockets("self", listener.port) === 0);
});

test("openDoor() keeps the TLS of a runtime without the engine, and says what it cannot", async () => {
  const logger = new KeptLogger();
  const tls = certificate ?? { cert: "", key: "" };
  const door = openDoor({ hostname: "127.0.0.1", port: 0, tls }, logger, () => false);
  assertEquals(logger.lines.map(({ level, event }) => [level, event]), [["warn", "tlsCannotLetGo"]]);
  const accepted = Promise.withResolvers<Socket>();
  const accepting = door.accept(accepted.resolve);
  using client = await Deno.connectTls({ hostname: "127.0.0.1", port: door.port, caCerts: [tls.cert] });
  await accepting;
  const socket = await accepted.promise;
  await Promise.all([socket.handshake?.(), client.handshake()]);
  assertEquals(await socket.write(Uint8Array.of(1, 2)), 2);
  const buffer = new Uint8Array(4);
  assertEquals(await client.read(buffer), 2);
  await client.write(Uint8Array.of(3));
  assertEquals([await socket.read(buffer), buffer[0], socket.address], [1, 3, "127.0.0.1"]);
  assertThrows(() => door.renew(tls), Error, "restart");
  await socket.closeWrite("done");
  assertEquals(await client.read(buffer), null);
  socket.close();
  door.close();
});
