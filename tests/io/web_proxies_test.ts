import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import { DEFAULT_LIMITS } from "../../common/limits.ts";
import { buildPage } from "../../packaging/page/build_page.ts";
import { freePort } from "../testing/free_port.ts";
import { connectFrom, OTHER_ADDRESSES, tlsFrom } from "../testing/local_address.ts";
import { askForPage, type PageReply } from "../testing/page_requests.ts";
import { processTest } from "../testing/permissions.ts";
import {
  blockOf,
  configuredWeb,
  type ProxyKind,
  ReverseProxy,
  whyNoProxy,
} from "../testing/reverse_proxy.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { makeCertificate } from "./net_harness.ts";
import { webConnection } from "./web_connection.ts";

/** The site of the blocks. */
const HOST = "example.org";

/** Addresses of two people. */
const [ALICE, BOB] = ["127.0.0.7", "127.0.0.8"];

const certificate = await makeCertificate(`DNS:${HOST}`);

/** A node behind a proxy of this machine, as the document configures it; one session for each address. */
async function startNode(port: number): Promise<ServerProcess> {
  await buildPage();
  return await ServerProcess.start({
    node: { web: await configuredWeb(port) },
    configuration: { limits: { ...QUICK.limits, loopbackExempt: false, connectionsPerAddress: 1 } },
    flags: ["--log-level=info"],
  });
}

/** A connection to the proxy, as a browser at that address makes it. */
async function connect(proxy: ReverseProxy, address: string): Promise<Deno.Conn> {
  return await tlsFrom(await connectFrom(address, proxy.port), HOST, proxy.root);
}

/** The answer to a request for a path of the site. */
async function ask(proxy: ReverseProxy, path: string): Promise<PageReply> {
  return await askForPage(await connect(proxy, ALICE), path, "", HOST);
}

/** A person at an address, who says that it is another one. */
async function person(proxy: ReverseProxy, name: string, address: string): Promise<TestClient> {
  const headers = { "Origin": `https://${HOST}`, "X-Forwarded-For": "127.0.0.99" };
  const web = await webConnection(await connect(proxy, address), HOST, headers, "/chat/ws");
  return await TestClient.login(0, name, undefined, web.asConnection);
}

/** The addresses from which accounts were made, as the node has logged them. */
function registeredFrom({ stderr }: ServerProcess): readonly (readonly unknown[])[] {
  return stderr.split("\n").filter((line) => line.includes('"event":"registered"')).map((line) => {
    const { user, address } = JSON.parse(line);
    return [user, address];
  });
}

async function register(kind: ProxyKind): Promise<void> {
  const reason = await whyNoProxy(kind) ?? (certificate === undefined ? "needs openssl" : undefined);
  const name = `a node serves the page behind ${kind} under a path, as docs/web.md sets it up`;
  if (reason !== undefined || certificate === undefined) {
    return Deno.test({ name: `${name} (ignored: ${reason})`, ignore: true, fn: () => {} });
  }
  processTest(name, async () => {
    const port = freePort();
    await using node = await startNode(port);
    await using proxy = await ReverseProxy.start(kind, port, certificate);
    const page = await ask(proxy, "/chat/");
    assertEquals([page.status, (await ask(proxy, "/chat/main.js")).status], [200, 200]);
    assertMatch(page.body, /<script type="module" src="main\.js">/);
    const { head } = await ask(proxy, "/chat");
    assertMatch(head, /^HTTP\/1.1 30[12] [^]*Location: \S*\/chat\/$/im);
    await using alice = await person(proxy, "alice", ALICE);
    await using bob = await person(proxy, "bob", BOB);
    await alice.expect("sendMessage", { to: "bob", content: "hello through the proxy" }, "sent");
    const push = await bob.push();
    assertMatch(JSON.stringify(push), /hello through the proxy/);
    assertEquals(registeredFrom(node), [["alice", ALICE], ["bob", BOB]]);
    // The limit counts sessions of an address: those of the proxy's would be one too many already.
    const second = await webConnection(await connect(proxy, ALICE), HOST, {}, "/chat/ws");
    await using third = await TestClient.connect(0, second.asConnection);
    await third.expect("startLogin", { name: "alice" }, "userExisting");
    const refused = await third.ask("finishLogin", { password: "password of alice" });
    assertMatch(JSON.stringify(refused.payload), /1 sessions come from your address and the limit is 1/);
    console.log("3 requests, 2 people, 1 message, and a third session refused by its address");
  }, OTHER_ADDRESSES);
}

await register("caddy");
await register("nginx");

processTest("the block of nginx waits longer than a node does for a silent client", async () => {
  const seconds = Number(/proxy_read_timeout (\d+)s;/.exec(await blockOf("nginx"))?.[1]);
  assertGreater(seconds * 1_000, DEFAULT_LIMITS.idleMs);
  // Caddy has no time limit of its own; one in the block would have to be looked at here.
  assertEquals(/timeout/.exec(await blockOf("caddy")), null);
});
