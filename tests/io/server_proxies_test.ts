import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodeRequest } from "../../common/protocol/codec.ts";
import type { Limits } from "../../common/limits.ts";
import { concatenated } from "../testing/concatenated.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { HeaderProxy } from "../testing/header_proxy.ts";
import { connectFrom, OTHER_ADDRESSES } from "../testing/local_address.ts";
import { processTest } from "../testing/permissions.ts";
import { decodeOriginalReply } from "../testing/protocol_frames.ts";
import { proxied, proxyHeader } from "../testing/proxy_headers.ts";
import { RawClient } from "../testing/raw_client.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { makeCertificate } from "./net_harness.ts";

/** The address of the only proxy. */
const PROXY = "127.0.0.9";

function start(limits: Partial<Limits> = {}): Promise<ServerProcess> {
  return ServerProcess.start({
    node: { proxies: [PROXY] },
    configuration: { limits: { ...QUICK.limits, loopbackExempt: false, ...limits } },
  });
}

/** A connection from the proxy that begins with these bytes. */
async function fromProxy(server: ServerProcess, bytes: Uint8Array): Promise<Deno.Conn> {
  const connection = await connectFrom(PROXY, server.port);
  await connection.write(bytes);
  return connection;
}

/** A client behind the proxy that has said HELLO. */
async function behindProxy(server: ServerProcess, client: string): Promise<TestClient> {
  return await TestClient.connect(0, await fromProxy(server, proxied(client)));
}

/** Resolves once the server has closed a connection from the proxy that begins with these bytes, without a word. */
async function isRefused(server: ServerProcess, bytes: Uint8Array): Promise<void> {
  await using client = new RawClient(await fromProxy(server, bytes));
  assertEquals(await client.rest(), []);
}

/** The warnings of refused proxies in the log. */
function warnings(server: ServerProcess): string[] {
  return server.stderr.split("\n").filter((line) => line.includes("proxyRefused"));
}

processTest("ServerProcess serves clients behind a proxy, each with its own address", async () => {
  await using server = await start({ connectionsPerAddress: 2 });
  await using proxy = await HeaderProxy.start(PROXY, server.port);
  const clients: TestClient[] = [];
  for (let number = 1; number <= 20; number++) {
    const address = `127.0.1.${(number + 1) >> 1}`;
    const name = `person${number}`;
    clients.push(await TestClient.login(0, name, undefined, await connectFrom(address, proxy.port)));
  }
  await using third = await TestClient.connect(0, await connectFrom("127.0.1.1", proxy.port));
  await third.expect("startLogin", { name: "person1" }, "userExisting");
  const refused = await third.ask("finishLogin", { password: "password of person1" });
  assertMatch(JSON.stringify(refused.payload), /2 sessions come from your address and the limit is 2/);
  for (const client of clients) {
    await client.expect("sendMessage", { to: "person1", content: "x".repeat(10_000) }, "sent");
  }
  for (const client of clients) await client[Symbol.asyncDispose]();
  await eventually("all have left", async () => {
    await using first = await TestClient.login(
      0,
      "person1",
      undefined,
      await connectFrom("127.0.1.1", proxy.port),
    );
    return (await first.ask("ping", null)).name === "pong";
  });
}, OTHER_ADDRESSES);

processTest("ServerProcess counts new connections by the address that the proxy tells", async () => {
  await using server = await start({ newConnectionsPerMinute: 2 });
  const groups = { "198.51.100.7": "198.51.100.7", "2001:db8::7": "2001:db8:0:0::/64" };
  for (const [client, group] of Object.entries(groups)) {
    for (let count = 0; count < 2; count++) {
      await using one = await behindProxy(server, client);
      assertEquals((await one.ask("startLogin", { name: "alice" })).name, "userNotExisting");
    }
    await using third = await behindProxy(server, client);
    const { payload } = await third.ask("startLogin", { name: "alice" });
    assertMatch(JSON.stringify(payload), new RegExp(`2 connections came from ${group} within a minute`));
  }
}, OTHER_ADDRESSES);

processTest(
  "ServerProcess counts wrong passwords and new accounts by the address that the proxy tells",
  async () => {
    await using server = await start({ loginFailuresPerAddress: 3, registrationsPerHour: 1 });
    await using owner = await behindProxy(server, "198.51.100.1");
    await owner.expect("startLogin", { name: "alice" }, "userNotExisting");
    await owner.expect("finishLogin", { password: "password of alice" }, "loginSuccess");
    await using second = await behindProxy(server, "198.51.100.1");
    await second.expect("startLogin", { name: "bob" }, "userNotExisting");
    const refused = await second.ask("finishLogin", { password: "password of bob" });
    assertMatch(JSON.stringify(refused.payload), /1 new accounts an hour are the limit for one address/);
    await using guesser = await behindProxy(server, "198.51.100.2");
    await guesser.expect("startLogin", { name: "alice" }, "userExisting");
    for (let count = 0; count < 3; count++) {
      await guesser.expect("finishLogin", { password: "a wrong password" }, "loginFailed");
    }
    const blocked = await guesser.ask("finishLogin", { password: "password of alice" });
    assertMatch(JSON.stringify(blocked.payload), /from your address/);
    await using elsewhere = await behindProxy(server, "198.51.100.3");
    await elsewhere.expect("startLogin", { name: "carol" }, "userNotExisting");
    await elsewhere.expect("finishLogin", { password: "password of carol" }, "loginSuccess");
  },
  OTHER_ADDRESSES,
);

processTest(
  "ServerProcess exempts clients on its own machine by the address that the proxy tells",
  async () => {
    await using server = await start({ newConnectionsPerMinute: 1, loopbackExempt: true });
    const answers = async (client: string): Promise<string[]> => {
      const names: string[] = [];
      for (let count = 0; count < 3; count++) {
        await using one = await behindProxy(server, client);
        names.push((await one.ask("startLogin", { name: "alice" })).name);
      }
      return names;
    };
    assertEquals(await answers("198.51.100.7"), ["userNotExisting", "error", "error"]);
    assertEquals(await answers("127.0.0.1"), ["userNotExisting", "userNotExisting", "userNotExisting"]);
  },
  OTHER_ADDRESSES,
);

processTest("ServerProcess takes a connection of the proxy itself with the proxy's address", async () => {
  await using server = await start({ newConnectionsPerMinute: 1 });
  const local = proxyHeader(0x20, 0x00, new Uint8Array(0));
  await using first = await TestClient.connect(0, await fromProxy(server, local));
  assertEquals((await first.ask("startLogin", { name: "alice" })).name, "userNotExisting");
  await using second = await TestClient.connect(0, await fromProxy(server, local));
  const { payload } = await second.ask("startLogin", { name: "alice" });
  assertMatch(JSON.stringify(payload), /1 connections came from 127\.0\.0\.9 within a minute/);
}, OTHER_ADDRESSES);

processTest("ServerProcess reads a header in pieces, and nothing behind it", async () => {
  await using server = await start();
  const requests = [
    encodeRequest({ name: "hello", payload: { version: 2, client: "test" } }, "original"),
    encodeRequest({ name: "ping", payload: null }, "confirmed"),
    encodeRequest({ name: "ping", payload: null }, "confirmed"),
  ];
  const bytes = concatenated([proxied("198.51.100.7", new Uint8Array(3_000)), ...requests]);
  for (
    const pieces of [
      [bytes],
      [...bytes.subarray(0, 60)].map((byte) => Uint8Array.of(byte)).concat(bytes.subarray(60)),
    ]
  ) {
    await using client = new RawClient(await connectFrom(PROXY, server.port));
    for (const piece of pieces) await client.sendBytes(piece);
    const types = [await client.receive(), await client.receive(), await client.receive()].map((frame) =>
      frame?.type
    );
    assertEquals(types, [110, 109, 109]);
  }
}, OTHER_ADDRESSES);

processTest("ServerProcess refuses a proxy without a header of version 2, and says why once", async () => {
  await using server = await start();
  const hello = encodeRequest({ name: "hello", payload: { version: 2, client: "test" } }, "original");
  const text = new TextEncoder().encode("PROXY TCP4 198.51.100.7 127.0.0.1 50000 7443\r\n");
  for (let count = 0; count < 3; count++) {
    for (const bytes of [hello, text, proxyHeader(0x21, 0x12, new Uint8Array(12))]) {
      await isRefused(server, bytes);
    }
  }
  await eventually("all of it was said", () => warnings(server).length === 3);
  const [missing = "", old = "", datagrams = ""] = warnings(server);
  assertMatch(missing, /127\.0\.0\.9 is a proxy.*without a PROXY header.*send-proxy-v2/);
  assertMatch(old, /PROXY header of version 1.*version 2/);
  assertMatch(datagrams, /address family 0x12/);
  await using _client = await behindProxy(server, "198.51.100.7");
}, OTHER_ADDRESSES);

processTest(
  "ServerProcess closes connections of a proxy whose header is late, and bounds those that wait",
  async () => {
    await using server = await start({ proxyHeaderMs: 1_000, unauthenticatedConnections: 16 });
    const beginning = proxied("198.51.100.7").subarray(0, 20);
    const waiting = await Promise.all(
      Array.from({ length: 50 }, async () => new RawClient(await fromProxy(server, beginning))),
    );
    // 34 give way at once, the others when the time is over; nobody gets a word.
    for (const client of waiting) assertEquals(await client.rest(), []);
    await using _client = await behindProxy(server, "198.51.100.7");
    await eventually("it was said", () => warnings(server).length > 0);
    assertEquals(warnings(server).length, 1);
    assertMatch(warnings(server)[0] ?? "", /has not come within 1000 ms.*limits\.proxyHeaderMs/);
    for (const client of waiting) await client[Symbol.asyncDispose]();
  },
  OTHER_ADDRESSES,
);

processTest("ServerProcess never reads a header from any other address", async () => {
  await using server = await start();
  await using liar = await RawClient.connect(server.port);
  await liar.sendBytes(proxied("198.51.100.7"));
  const [frame, ...more] = await liar.rest();
  assert(frame !== undefined && more.length === 0);
  assertMatch(JSON.stringify(decodeOriginalReply(frame).payload), /payload of \d+ bytes and the limit is/);
  await using client = await TestClient.connect(server.port);
  assertEquals((await client.ask("ping", null)).name, "pong");
}, OTHER_ADDRESSES);

const certificate = await makeCertificate();

processTest(
  "ServerProcess reads the header on the TLS port before the handshake, and times both",
  async () => {
    if (certificate === undefined) return console.log("not tried: there is no openssl here");
    const folder = await Deno.makeTempDir({ prefix: "chat-server-test-proxies-" });
    const files = { cert: `${folder}/cert.pem`, key: `${folder}/key.pem` };
    await Deno.writeTextFile(files.cert, certificate.cert);
    await Deno.writeTextFile(files.key, certificate.key);
    const tlsPort = freePort();
    {
      await using server = await ServerProcess.start({
        node: { proxies: [PROXY], tls: { port: tlsPort, ...files } },
        configuration: { limits: { ...QUICK.limits, proxyHeaderMs: 3_000, tlsHandshakeMs: 3_000 } },
      });
      await using proxy = await HeaderProxy.start(PROXY, tlsPort);
      const tls = { hostname: "127.0.0.1", port: proxy.port, caCerts: [certificate.cert] };
      await using alice = await TestClient.login(0, "alice", undefined, await Deno.connectTls(tls));
      await alice.expect("sendMessage", { to: "alice", content: "x".repeat(16_000) }, "sent");
      const registered = /"event":"registered".*"user":"alice","address":"127\.0\.0\.1"/;
      await server.waitFor(() => registered.test(server.stderr));
      const beginnings = [proxied("198.51.100.7"), proxied("198.51.100.7").subarray(0, 5)];
      for (const beginning of beginnings) {
        await using silent = new RawClient(await connectFrom(PROXY, tlsPort));
        await silent.sendBytes(beginning);
        assertEquals(await silent.rest(), []);
      }
      assertEquals((await alice.ask("ping", null)).name, "pong");
    }
    await Deno.remove(folder, { recursive: true });
  },
  OTHER_ADDRESSES,
);
