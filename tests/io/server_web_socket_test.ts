/**
 * WebSockets at a node as its configuration makes it: whose limits count behind a proxy, and how they end.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { encodeRequest } from "../../common/protocol/codec.ts";
import { freePort } from "../testing/free_port.ts";
import { processTest } from "../testing/permissions.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { type WebConnection, webConnection } from "./web_connection.ts";

/** A node with a page whose limits hold for addresses that are not this machine's. */
class WebNode implements AsyncDisposable {
  private constructor(readonly server: ServerProcess, readonly port: number) {}

  static async start(web: { readonly trustedProxies?: readonly string[] } = {}): Promise<WebNode> {
    const port = freePort();
    const limits = { ...QUICK.limits, registrationsPerHour: 1, connectionsPerAddress: 1 };
    const server = await ServerProcess.start({ node: { web: { port, ...web } }, configuration: { limits } });
    return new WebNode(server, port);
  }

  async open(forwardedFor?: string): Promise<WebConnection> {
    const below = await Deno.connect({ hostname: "127.0.0.1", port: this.port });
    const headers = forwardedFor === undefined ? {} : { "X-Forwarded-For": forwardedFor };
    return await webConnection(below, `127.0.0.1:${this.port}`, headers);
  }

  async connect(forwardedFor?: string): Promise<TestClient> {
    return await TestClient.connect(0, (await this.open(forwardedFor)).asConnection);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
  }
}

/** Makes an account; returns the reply as text. */
async function register(client: TestClient, name: string): Promise<string> {
  await client.expect("startLogin", { name }, "userNotExisting");
  return JSON.stringify(await client.ask("finishLogin", { password: `password of ${name}` }));
}

processTest("a node counts limits by the address that a trusted proxy has seen", async () => {
  await using node = await WebNode.start({ trustedProxies: ["127.0.0.1", "198.51.100.0/24"] });
  await using first = await node.connect("203.0.113.1");
  assertMatch(await register(first, "alice"), /loginSuccess/);
  // What the client itself has written stands before what the proxies have seen.
  await using forged = await node.connect("203.0.113.9, 203.0.113.1, 198.51.100.3");
  assertMatch(await register(forged, "bob"), /rate-limited/);
  await using other = await node.connect("203.0.113.2");
  assertMatch(await register(other, "bob"), /loginSuccess/);
  await using second = await node.connect("203.0.113.2");
  await second.expect("startLogin", { name: "alice" }, "userExisting");
  const refused = JSON.stringify(await second.ask("finishLogin", { password: "password of alice" }));
  assertMatch(refused, /too-many-sessions/);
  for (const name of ["carol", "dave"]) {
    await using here = await node.connect();
    assertMatch(await register(here, name), /loginSuccess/, "this machine is exempt");
  }
});

processTest("a node without trusted proxies takes no address from anybody", async () => {
  await using node = await WebNode.start();
  for (const name of ["alice", "bob", "carol"]) {
    await using client = await node.connect("203.0.113.1");
    assertMatch(await register(client, name), /loginSuccess/, "this machine is exempt");
  }
});

processTest("a node that stops says so, and ends each WebSocket with 1001", async () => {
  await using node = await WebNode.start();
  const open = await node.open();
  await using alice = await TestClient.connect(0, open.asConnection);
  assertMatch(await register(alice, "alice"), /loginSuccess/);
  // One that has said HELLO, and one that has said nothing.
  const greeted = await node.open();
  await using _greeted = await TestClient.connect(0, greeted.asConnection);
  const silent = await node.open();
  const isSilent = silent.read(new Uint8Array(1_000));
  const { code } = await node.server.stop();
  assertEquals(code, 0);
  const closing = await alice.push();
  assert(closing.name === "closing", closing.name);
  assertEquals(await isSilent, null);
  assertEquals([open.closeCode, greeted.closeCode, silent.closeCode], [1_001, 1_001, 1_001]);
  silent.close();
});

processTest("a node ends a WebSocket with the code for its reason", async () => {
  await using node = await WebNode.start();
  const left = await node.open();
  await using alice = await TestClient.connect(0, left.asConnection);
  assertMatch(await register(alice, "alice"), /loginSuccess/);
  await alice.expect("deleteAccount", { password: "password of alice" }, "ok");
  await alice.closed;
  const broken = await node.open();
  await broken.write(encodeRequest({ name: "ping", payload: null }, "confirmed"));
  const buffer = new Uint8Array(1_000);
  while (await broken.read(buffer) !== null);
  assertEquals([left.closeCode, broken.closeCode], [1_000, 1_008]);
  broken.close();
});
