import { assert, assertEquals, assertLess } from "@std/assert";
import { eventually, NETWORK, rawFrame, type TestSession } from "./net_harness.ts";
import { OPCODE, RawClient, socketFrame, UPGRADE, WebServer } from "./web_harness.ts";

const MIB = 1_048_576;

/** Bytes that a stranger gets rid of before a server that reads nothing stops it, at most. */
const FLOOD_BYTES_MAX = 32 * MIB;

const TEXT = new TextEncoder();

Deno.test({
  name: "WebListener carries frames over messages of any length, in both directions",
  ignore: !NETWORK,
  fn: async () => {
    await using server = WebServer.start();
    using client = await server.open();
    const frames = [
      rawFrame(18, new Uint8Array(0)),
      rawFrame(19, new Uint8Array(300_000).fill(7)),
      rawFrame(20),
    ];
    const stream = new Uint8Array(await new Blob(frames).arrayBuffer());
    for (let at = 0, length = 1; at < stream.length; at += length, length = Math.min(length * 3, 65_536)) {
      await client.send(socketFrame(OPCODE.binary, stream.subarray(at, at + length)));
    }
    assertEquals(await client.bytes(stream.length), stream);
    assertEquals(server.faults, []);
    await client.send(socketFrame(OPCODE.binary));
    await client.send(socketFrame(OPCODE.ping, TEXT.encode("still there?")));
    assertEquals(await client.frame(), { opcode: OPCODE.pong, payload: TEXT.encode("still there?") });
    console.log(`${stream.length} bytes there and back`);
  },
});

/** Requests for a WebSocket that are refused, with the status of the answer. */
const REFUSED: readonly (readonly [string, string, Readonly<Record<string, string>>, number | "closed"])[] = [
  ["a name of somebody else", "GET /ws", { Host: "evil.example" }, 421],
  ["no Host at all", "GET /ws", { Host: "" }, 421],
  ["a page of somebody else", "GET /ws", { Origin: "http://evil.example" }, 403],
  ["a page without an origin", "GET /ws", { Origin: "null" }, 403],
  ["the same host at another port", "GET /ws", { Origin: "http://127.0.0.1:1" }, 403],
  ["an extension of a browser", "GET /ws", { Origin: "chrome-extension://abcdef" }, 403],
  ["another path", "GET /socket", {}, 404],
  ["a path outside", "GET /../ws", {}, 404],
  ["another method", "POST /ws", { "Content-Length": "0" }, 405],
  ["a body", "GET /ws", { "Content-Length": "5" }, 413],
  ["a body in chunks", "GET /ws", { "Transfer-Encoding": "chunked" }, 413],
  ["no subprotocol", "GET /ws", { "Sec-WebSocket-Protocol": "chat.v1, graphql-ws" }, 400],
  ["a subprotocol twice", "GET /ws", { "Sec-WebSocket-Protocol": "chat.v2, chat.v2" }, 400],
  ["another version", "GET /ws", { "Sec-WebSocket-Version": "7" }, 400],
  ["a key that is none", "GET /ws", { "Sec-WebSocket-Key": "short" }, 400],
  ["another protocol", "GET /ws", { Upgrade: "h2c" }, 404],
  ["a head that is too long", "GET /ws", { "X-Long": "x".repeat(9_000) }, 431],
  ["a head that is none", "GET /ws", { "bad header": "x" }, 400],
];

Deno.test({
  name: "WebListener refuses what is no request for its WebSocket, and ends the connection",
  ignore: !NETWORK,
  fn: async (t) => {
    await using server = WebServer.start();
    for (const [what, line, headers, status] of REFUSED) {
      await t.step(`${what}: ${status}`, async () => {
        using client = await server.connect();
        const all = { Host: `127.0.0.1:${server.port}`, ...UPGRADE, ...headers };
        const answer = await client.ask(`${line} HTTP/1.1`, all);
        assertEquals(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]), status, answer);
        assert(/content-security-policy: default-src 'none'/i.test(answer), answer);
        // An idle one ends after five seconds.
        assertLess(await client.endMs(), 4_500);
      });
    }
    assertEquals([server.sessions.length, server.faults], [0, []]);
    console.log(`${REFUSED.length} requests refused`);
  },
});

/** What is not allowed over an open WebSocket, with the status code of its end. */
const FORBIDDEN: readonly (readonly [string, readonly Uint8Array[], number])[] = [
  ["a text message", [socketFrame(OPCODE.text, TEXT.encode("hi"))], 1_003],
  ["a frame that is not masked", [socketFrame(OPCODE.binary, rawFrame(18), { masked: false })], 1_002],
  ["a reserved bit", [socketFrame(OPCODE.binary, rawFrame(18), { reserved: 4 })], 1_002],
  ["an opcode that is not there", [socketFrame(5, rawFrame(18))], 1_002],
  ["a continuation of nothing", [socketFrame(OPCODE.continuation, rawFrame(18))], 1_002],
  ["a ping in parts", [socketFrame(OPCODE.ping, new Uint8Array(2), { final: false })], 1_002],
  ["a ping that is too long", [socketFrame(OPCODE.ping, new Uint8Array(126))], 1_002],
  ["text that is no UTF-8", [socketFrame(OPCODE.text, Uint8Array.of(0xff))], 1_007],
  ["a message that is too long", [socketFrame(OPCODE.binary, new Uint8Array(65_537))], 1_009],
  [
    "a message of too many parts",
    [
      socketFrame(OPCODE.binary, new Uint8Array(1), { final: false }),
      ...Array.from(
        { length: 1_100 },
        () => socketFrame(OPCODE.continuation, new Uint8Array(1), { final: false }),
      ),
    ],
    1_008,
  ],
  ["too many empty messages", Array.from({ length: 101 }, () => socketFrame(OPCODE.binary)), 1_008],
  ["too many pings", Array.from({ length: 101 }, () => socketFrame(OPCODE.ping)), 1_008],
  ["bytes that are no frame of the client protocol", [
    socketFrame(OPCODE.binary, new Uint8Array(64).fill(255)),
  ], 1_008],
];

Deno.test({
  name: "WebListener ends a WebSocket that breaks a rule, with a status code that says why",
  ignore: !NETWORK,
  fn: async (t) => {
    await using server = WebServer.start();
    for (const [what, frames, code] of FORBIDDEN) {
      await t.step(`${what}: ${code}`, async () => {
        using client = await server.open();
        for (const frame of frames) await client.send(frame).catch(() => {});
        assertEquals(await client.closeCode(), code);
      });
    }
    await eventually(() => server.connections.count === 0);
    assertEquals(server.faults, []);
    console.log(`${FORBIDDEN.length} rules`);
  },
});

Deno.test({
  name:
    "WebListener says 1000 after a goodbye, 1001 when the node stops, and 1013 with the reason if it is full",
  ignore: !NETWORK,
  fn: async () => {
    await using server = WebServer.start({
      limits: { connections: 2 },
      prepare: (session) => session.onFrame = ({ type }) => type === 11 ? (session.link.close(), 0) : 0,
    });
    using done = await server.open();
    await done.send(socketFrame(OPCODE.binary, rawFrame(11)));
    assertEquals(await done.closeCode(), 1_000);
    await eventually(() => server.connections.count === 0);
    using first = await server.open();
    using second = await server.open();
    using third = await server.open();
    const told = await third.frame();
    assert(new TextDecoder().decode(told?.payload).includes("its limit is 2 (limits.connections)"));
    assertEquals(await third.closeCode(), 1_013);
    server.listener?.close();
    const stopped = server.connections.closeAll();
    assertEquals([await first.closeCode(), await second.closeCode()], [1_001, 1_001]);
    await stopped;
  },
});

Deno.test({
  name: "WebListener reads no further than a session takes",
  ignore: !NETWORK,
  fn: async () => {
    // No frame is taken: the session waits for ever.
    await using server = WebServer.start({ prepare: (session) => session.onFrame = () => Infinity });
    using flooding = await server.open();
    const flooded = await sentUntilStuck(
      flooding,
      socketFrame(OPCODE.binary, rawFrame(18, new Uint8Array(60_000))),
    );
    assertLess(flooded, FLOOD_BYTES_MAX);
    assertEquals(server.faults, []);
    console.log(`${(flooded / MIB).toFixed(1)} MiB taken of a flood`);
  },
});

/** Sends the same bytes again and again until the other end takes no more for half a second. */
async function sentUntilStuck(client: RawClient, bytes: Uint8Array): Promise<number> {
  for (let sent = 0;; sent += bytes.length) {
    const stuck = new Promise<"stuck">((resolve) => setTimeout(() => resolve("stuck"), 500));
    const writing = client.send(bytes).catch(() => {});
    if (await Promise.race([writing, stuck]) === "stuck") return sent;
    if (sent > 2 * FLOOD_BYTES_MAX) return sent;
  }
}

Deno.test({
  name: "WebListener takes the address of a client from a trusted proxy, and from nobody else",
  ignore: !NETWORK,
  fn: async () => {
    await using trusting = WebServer.start({
      trustedProxies: ["127.0.0.1"],
      url: "https://chat.example.org/talk/",
    });
    using _one = await trusting.open({
      "X-Forwarded-For": "6.6.6.6, 203.0.113.7",
      Host: "chat.example.org",
      Origin: "https://chat.example.org",
    });
    await eventually(() => trusting.sessions.length === 1);
    assertEquals(trusting.sessions.map(({ link }) => link.address), ["203.0.113.7"]);
    await using plain = WebServer.start();
    using _two = await plain.open({ "X-Forwarded-For": "203.0.113.7" });
    await eventually(() => plain.sessions.length === 1);
    assertEquals(plain.sessions.map(({ link }) => link.address), ["127.0.0.1"]);
  },
});

Deno.test({
  name: "WebListener ends a WebSocket that is silent for too long with 1008",
  ignore: !NETWORK,
  fn: async () => {
    const prepare = (session: TestSession): void => void (session.deadlineMs = performance.now());
    await using server = WebServer.start({ prepare });
    using client = await server.open();
    assertEquals(await client.closeCode(), 1_008);
  },
});
