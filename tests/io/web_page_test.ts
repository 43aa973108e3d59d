import { assert, assertEquals, assertGreater, assertLess, assertMatch, assertRejects } from "@std/assert";
import type { PageFile } from "../../server/web/page.ts";
import { makeCertificate, NETWORK, rawFrame } from "./net_harness.ts";
import { eventually } from "./net_harness.ts";
import { OPCODE, type RawClient, socketFrame, UPGRADE, WebServer } from "./web_harness.ts";

/** Time limits of a test that does not want to wait, ms. */
const QUICK = { tlsHandshakeMs: 2_000, frameCompletionMs: 2_000 };

const encoder = new TextEncoder();

const compressed: PageFile["compressed"] = new Map();
const FILES: ReadonlyMap<string, PageFile> = new Map([
  ["index.html", {
    type: "text/html; charset=utf-8",
    bytes: encoder.encode("<html>"),
    compressed,
    etag: '"1"',
  }],
  ["long.js", {
    type: "text/javascript",
    bytes: new Uint8Array(20_000_000).fill(32),
    compressed,
    etag: '"2"',
  }],
]);

const certificates = NETWORK ? [await makeCertificate(), await makeCertificate()] : [];
const [certificate, another] = certificates;

Deno.test({
  name: "WebListener answers one request after the other on a connection, and lets go of an idle one",
  ignore: !NETWORK,
  fn: async () => {
    await using server = WebServer.start({ files: FILES });
    using client = await server.connect();
    for (let i = 0; i < 100; i++) {
      const answer = await client.ask("GET / HTTP/1.1", { Host: "localhost" });
      assertMatch(answer, /^HTTP\/1\.1 200 OK\r\n/);
      assertMatch(answer, /<html>$/);
      assertMatch(answer, /content-security-policy: default-src 'none'/i);
    }
    assertMatch(await client.ask("HEAD / HTTP/1.1", { Host: "localhost" }), /content-length: 6\r\n/i);
    assertMatch(await client.ask("GET / HTTP/1.1", { Host: "localhost", "If-None-Match": '"1"' }), / 304 /);
    const endMs = await client.endMs();
    assertGreater(endMs, 3_000);
    // On a busy machine, the five seconds of an idle connection are more.
    assertLess(endMs, 30_000);
    await eventually(() => server.connections.count === 0);
    assertEquals(server.sessions.length, 0);
  },
});

Deno.test({
  name:
    "WebListener answers a whole URL as its path, under its own name, and adds the last slash of the page",
  ignore: !NETWORK,
  fn: async () => {
    await using server = WebServer.start({ files: FILES, url: "https://chat.example.org/talk/" });
    using client = await server.connect();
    const asked: readonly (readonly [string, string, RegExp])[] = [
      ["http://localhost/index.html", "localhost", /^HTTP\/1\.1 200 OK\r\n[^]*<html>$/],
      ["HTTP://chat.example.org", "evil.example", /^HTTP\/1\.1 200 OK\r\n[^]*<html>$/],
      ["/talk?chat=bob", "localhost", /^HTTP\/1\.1 307 Temporary Redirect\r\n/],
      ["/talk?chat=bob", "localhost", /\r\nlocation: \/talk\/\?chat=bob\r\n/i],
      ["/talk/?chat=bob", "localhost", /^HTTP\/1\.1 200 OK\r\n[^]*<html>$/],
      ["http://evil.example/", "localhost", /^HTTP\/1\.1 421 /],
    ];
    for (const [target, host, answer] of asked) {
      assertMatch(await client.ask(`GET ${target} HTTP/1.1`, { Host: host }), answer, target);
    }
    using socket = await server.connect();
    const url = `http://127.0.0.1:${server.port}/ws`;
    const upgraded = await socket.ask(`GET ${url} HTTP/1.1`, { Host: "evil.example", ...UPGRADE });
    assertMatch(upgraded, /^HTTP\/1\.1 101 /);
    console.log(`${asked.length + 1} requests`);
  },
});

/** Requests after which the connection is closed, with the status of the answer. */
const CLOSING: readonly (readonly [string, string, Readonly<Record<string, string>>, RegExp])[] = [
  ["a name of somebody else", "GET / HTTP/1.1", { Host: "evil.example" }, / 421 /],
  ["no name", "GET / HTTP/1.1", {}, / 400 /],
  ["a path outside", "GET /../../etc/passwd HTTP/1.1", { Host: "localhost" }, / 404 /],
  ["another method", "PUT / HTTP/1.1", { Host: "localhost" }, / 405 /],
  ["a body", "POST / HTTP/1.1", { Host: "localhost", "Content-Length": "1000000" }, / 413 /],
  ["a body that was announced", "POST / HTTP/1.1", {
    Host: "localhost",
    "Content-Length": "9",
    Expect: "100-continue",
  }, / 413 /],
  [
    "two lengths",
    "GET / HTTP/1.1",
    { Host: "localhost", "Content-Length": "1", "content-length": "2" },
    /^$| 400 /,
  ],
  ["a tunnel", "CONNECT evil.example:443 HTTP/1.1", { Host: "localhost" }, / 405 /],
  ["no HTTP", "\x16\x03\x01 hello", { Host: "localhost" }, /^$| 400 /],
  ["a head that is too long", `GET /${"x".repeat(9_000)} HTTP/1.1`, { Host: "localhost" }, /^$| 4\d\d /],
];

Deno.test({
  name: "WebListener ends a connection that asks for what is no file of the page",
  ignore: !NETWORK,
  fn: async (t) => {
    await using server = WebServer.start({ files: FILES });
    for (const [what, line, headers, answered] of CLOSING) {
      await t.step(what, async () => {
        using client = await server.connect();
        assertMatch((await client.ask(line, headers)).split("\r\n")[0] ?? "", answered);
        // An idle one ends after five seconds.
        assertLess(await client.endMs(), 4_500);
      });
    }
    console.log(`${CLOSING.length} requests`);
  },
});

Deno.test({
  name:
    "WebListener lets go of connections that are silent, within TLS or HTTP, and of readers that read nothing",
  ignore: !NETWORK || certificate === undefined,
  fn: async () => {
    await using plain = WebServer.start({ files: FILES, limits: QUICK });
    await using secure = WebServer.start({
      files: FILES,
      limits: QUICK,
      ...certificate && { tls: certificate },
    });
    const half = encoder.encode("GET / HTTP/1.1\r\nHost: local");
    const helloBegun = Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3);
    const kinds: readonly (readonly [string, WebServer, Uint8Array, boolean])[] = [
      ["silent", plain, new Uint8Array(0), false],
      ["half a head", plain, half, false],
      ["silent before TLS", secure, new Uint8Array(0), false],
      ["half a hello", secure, helloBegun, false],
      ["no TLS", secure, half, false],
      ["silent within TLS", secure, new Uint8Array(0), true],
      ["half a head within TLS", secure, half, true],
    ];
    const ends = await Promise.all(kinds.map(async ([what, server, bytes, isSecure]) => {
      using client = await server.connect(isSecure ? certificate : undefined);
      if (isSecure) await (client.socket as Deno.TlsConn).handshake();
      await client.send(bytes);
      const endMs = await client.endMs();
      // It is two seconds here, and ten where nothing is configured.
      assertLess(endMs, 8_000, what);
      return Math.round(endMs);
    }));
    await eventually(() => plain.connections.count + secure.connections.count === 0);
    using stalled = await plain.connect();
    await stalled.send(encoder.encode("GET /long.js HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    await eventually(() => plain.connections.count === 1);
    await eventually(() => plain.connections.count === 0);
    console.log(`ended after ${ends.join(", ")} ms`);
  },
});

Deno.test({
  name: "WebListener drips no time to a head that comes byte by byte",
  ignore: !NETWORK,
  fn: async () => {
    await using server = WebServer.start({ files: FILES, limits: QUICK });
    using client = await server.connect();
    let sent = 0;
    const dripping = (async () => {
      for (const byte of encoder.encode(`GET / HTTP/1.1\r\nX: ${"x".repeat(400)}`)) {
        await client.send(Uint8Array.of(byte));
        sent++;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    await client.endMs();
    await assertRejects(() => dripping);
    // In two seconds there are 100 at most, and some are sent after the end.
    assertLess(sent, 200);
  },
});

Deno.test({
  name: "WebListener speaks TLS, says so to browsers, and shows a renewed certificate to new connections",
  ignore: !NETWORK || certificate === undefined || another === undefined,
  fn: async () => {
    assert(certificate && another);
    await using server = WebServer.start({ files: FILES, tls: certificate });
    using file = await server.connect(certificate);
    assertMatch(
      await file.ask("GET / HTTP/1.1", { Host: "localhost" }),
      /strict-transport-security: max-age=31536000/i,
    );
    using before = await server.open({}, certificate);
    await echo(before);
    server.listener?.renew(another);
    await echo(before);
    await assertRejects(() => server.open({}, certificate));
    using after = await server.open({}, another);
    await echo(after);
    const refused = await assertRejects(() =>
      Promise.resolve().then(() => server.listener?.renew({ cert: "no", key: "no" }))
    );
    assert(refused instanceof Error);
    using still = await server.open({}, another);
    await echo(still);
  },
});

async function echo(client: RawClient): Promise<void> {
  const frame = rawFrame(18, crypto.getRandomValues(new Uint8Array(1_000)));
  await client.send(socketFrame(OPCODE.binary, frame));
  assertEquals(await client.bytes(frame.length), frame);
}

Deno.test({
  name: "WebListener takes bytes that follow the request for a WebSocket at once",
  ignore: !NETWORK,
  fn: async () => {
    await using server = WebServer.start();
    using client = await server.connect();
    const lines = Object.entries({ Host: "localhost", ...UPGRADE }).map(([name, value]) =>
      `${name}: ${value}\r\n`
    );
    const frame = rawFrame(18, new Uint8Array(10));
    const all = [
      encoder.encode(`GET /ws HTTP/1.1\r\n${lines.join("")}\r\n`),
      socketFrame(OPCODE.binary, frame),
    ];
    await client.send(new Uint8Array(await new Blob(all).arrayBuffer()));
    assertMatch(await client.answer(), / 101 /);
    assertEquals(await client.bytes(frame.length), frame);
  },
});

Deno.test({
  name:
    "WebListener answers others between the requests that one connection sends ahead, and ends it after 200",
  ignore: !NETWORK,
  fn: async () => {
    await using server = WebServer.start({ files: FILES });
    using greedy = await server.connect();
    const request = "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    await greedy.send(encoder.encode(request.repeat(1_000)));
    using patient = await server.connect();
    assertMatch(await patient.ask("GET / HTTP/1.1", { Host: "localhost" }), / 200 OK/);
    const isOver = server.connections.count === 1;
    let answers = 0;
    while ((await greedy.answer(true)).startsWith("HTTP/1.1 200 OK")) answers++;
    assertEquals([isOver, answers], [false, 200]);
  },
});

Deno.test({
  name: "WebListener gives a connection that a full node refuses no more time than any other",
  ignore: !NETWORK,
  fn: async () => {
    const limits = { connections: 1, tlsHandshakeMs: 1_000 };
    await using server = WebServer.start({ files: FILES, limits });
    using _admitted = await server.open();
    using refused = await server.connect();
    const asking = (async () => {
      for (let i = 0; i < 100; i++) {
        await refused.ask("GET / HTTP/1.1", { Host: "localhost" });
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    asking.catch(() => {});
    await eventually(() => server.logger.of("connectionRefused").length === 1);
    const startMs = performance.now();
    await assertRejects(() => asking);
    assertLess(performance.now() - startMs, 8_000);
  },
});
