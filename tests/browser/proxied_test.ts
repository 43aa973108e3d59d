import { assertEquals } from "@std/assert";
import { buildPage } from "../../packaging/page/build_page.ts";
import { makeCertificate } from "../io/net_harness.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { configuredWeb, type ProxyKind, ReverseProxy, whyNoProxy } from "../testing/reverse_proxy.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { browserTest, openBrowser } from "./chromium.ts";
import { Person } from "./person.ts";
import { storedText } from "./stored.ts";

/** The site of the blocks in `docs/web.md`, and the page in it. */
const HOST = "example.org";
const PAGE = `https://${HOST}/chat/`;

const certificate = await makeCertificate(`DNS:${HOST}`);

async function register(kind: ProxyKind): Promise<void> {
  const name = `two people talk in a page below a path, behind ${kind}`;
  const reason = await whyNoProxy(kind) ?? (certificate === undefined ? "needs openssl" : undefined);
  if (reason !== undefined || certificate === undefined) {
    return Deno.test({ name: `${name} (ignored: ${reason})`, ignore: true, fn: () => {} });
  }
  browserTest(name, async (stage) => {
    await buildPage();
    const port = freePort();
    await using node = await ServerProcess.start({ node: { web: await configuredWeb(port) } });
    await using proxy = await ReverseProxy.start(kind, port, certificate);
    const resolver = `--host-resolver-rules=MAP ${HOST} 127.0.0.1:${proxy.port}`;
    // The service worker would refuse a certificate that nobody knows.
    const browser = await openBrowser(resolver, "--ignore-certificate-errors");
    try {
      const there = { ...stage, browser };
      const alice = await Person.register(there, "alice", PAGE);
      const bob = await Person.register(there, "bob", PAGE);
      await alice.chatWith("bob");
      await bob.chatWith("alice");
      await alice.say("hello below a path");
      await bob.sees("hello below a path");
      await alice.sees("hello below a path", "read");
      await alice.hasWorker();
      await alice.page.reload();
      await alice.sees("hello below a path", "read");
      assertEquals(alice.page.url(), `${PAGE}#/chat/bob`);
      assertEquals(
        await alice.page.evaluate("navigator.serviceWorker.controller?.scriptURL"),
        `${PAGE}service_worker.js`,
      );
      await node.kill();
      await alice.say("while it is dead");
      await alice.sees("while it is dead", "queued");
      await eventually(
        "it is kept",
        async () => (await storedText(alice.page)).includes("while it is dead"),
      );
      await alice.page.reload();
      await alice.sees("while it is dead", "queued");
    } finally {
      await browser.close();
    }
  });
}

await register("caddy");
await register("nginx");
