import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { parseConfiguration } from "../../server/config/configuration.ts";
import type { NodeConfiguration } from "../../server/config/node_configuration.ts";
import { planReload } from "../../server/config/reload.ts";
import type { RunningNode } from "../../server/process/running_node.ts";
import { startNode } from "../../server/process/start_node.ts";
import { statusOf } from "../../server/process/status_of.ts";
import { freePort } from "../testing/free_port.ts";
import { nodesTold } from "../testing/nodes_told.ts";
import { networkTest } from "../testing/own_network.ts";
import { askForPage, connectTo } from "../testing/page_requests.ts";
import { processTest } from "../testing/permissions.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { runProgram } from "./commands_harness.ts";
import { KeptLogger, makeCertificate } from "./net_harness.ts";

/** Longer than a stop may take, ms. */
const STOP_TIMERS_MS = 2_000;

const OTHER_PAGE = "https://b.example.org/chat/";

/** A configuration of two nodes, of which the other never runs. */
function configurationOf(web: object, otherUrl: string): string {
  const nodes = [{ name: "node1", web }, { name: "node2", web: { port: freePort(), url: otherUrl } }];
  const complete = nodes.map((node) => ({
    ...node,
    tcp: { host: "127.0.0.1", port: freePort() },
    grpc: { port: freePort() },
  }));
  return JSON.stringify({ cluster: "test", ...QUICK, nodes: complete });
}

/** A node of this process with a page. `await using` stops it. */
class PageNode implements AsyncDisposable {
  readonly logger = new KeptLogger();

  private constructor(
    readonly folder: string,
    readonly configuration: NodeConfiguration,
  ) {}

  running: RunningNode | undefined;

  /** @param files of the page; no folder without them */
  static async make(web: object, files?: Readonly<Record<string, string>>): Promise<PageNode> {
    const folder = await Deno.makeTempDir({ prefix: "chat-server-page-test-" });
    const parsed = parseConfiguration(configurationOf(web, OTHER_PAGE), `${folder}/cluster_config.json`);
    assert("configuration" in parsed, "problems" in parsed ? parsed.problems.join("; ") : "");
    const [configuration] = parsed.configuration.nodes;
    assert(configuration !== undefined);
    if (files !== undefined) await Deno.mkdir(`${folder}/page`);
    for (const [name, text] of Object.entries(files ?? {})) {
      await Deno.writeTextFile(`${folder}/page/${name}`, text);
    }
    return new PageNode(folder, configuration);
  }

  async start(isPageOptional = false): Promise<RunningNode> {
    const { configuration, folder, logger } = this;
    const pageFolder = new URL(`file://${folder}/page/`);
    const data = `${folder}/data`;
    return this.running = await startNode({ configuration, data, logger, pageFolder, isPageOptional });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running?.stop();
    await Deno.remove(this.folder, { recursive: true });
    // The time limits of a stop run on.
    await new Promise((resolve) => setTimeout(resolve, STOP_TIMERS_MS));
  }
}

/** The pages that a session hears of: those in WELCOME, and those of NODES right behind FEATURES. */
async function pagesTold(port: number): Promise<(string | undefined)[][]> {
  await using client = await TestClient.connect(port);
  await client.expect("useFeatures", { use: ["nodes", "web"] }, "ok");
  const push = await client.push();
  assert(push.name === "nodes");
  return [await nodesTold({ port }), push.payload.nodes].map((nodes) => nodes.map(({ web }) => web));
}

processTest("startNode() serves the files of the page, and tells of it", async () => {
  const port = freePort();
  await using node = await PageNode.make({ port }, {
    "index.html": "<p>hello",
    "main.js": "1;".repeat(500),
    "main.js.br": "br",
  });
  const running = await node.start();
  const url = `http://127.0.0.1:${port}/`;
  assertEquals([running.page?.url, running.page?.hasFiles, statusOf(running.observed).page], [
    url,
    true,
    url,
  ]);
  const index = await askForPage(await connectTo(port));
  assertEquals([index.status, index.body], [200, "<p>hello"]);
  assertMatch(index.head, /\r\nContent-Security-Policy: .*connect-src 'self' wss:\/\/b\.example\.org;/);
  const script = await askForPage(await connectTo(port), "/main.js", "Accept-Encoding: gzip, br\r\n");
  assertMatch(script.head, /\r\nContent-Encoding: br\b/);
  assertEquals((await askForPage(await connectTo(port), "/main.js.br")).status, 404);
  assertEquals((await askForPage(await connectTo(port), "/missing")).status, 404);
  assertEquals(await pagesTold(running.port), [[undefined, undefined], [url, OTHER_PAGE]]);
  assertEquals(node.logger.of("noPage"), []);

  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, "chat.v2");
  await new Promise((resolve) => socket.onopen = resolve);
  const closed = new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
  assert(await running.stop());
  assertEquals((await closed).wasClean, true);
  await assertRejects(() => connectTo(port), Deno.errors.ConnectionRefused);
});

processTest("a reload lets the pages of other nodes in, and those that are gone no more", async () => {
  const port = freePort();
  await using node = await PageNode.make({ port }, { "index.html": "x" });
  const running = await node.start();
  const statusOf = async (origin: string): Promise<number> => {
    const upgrade =
      "Upgrade: websocket\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\nSec-WebSocket-Version: 13\r\n";
    const headers = `${upgrade}Origin: ${origin}\r\nConnection: upgrade\r\n`;
    return (await askForPage(await connectTo(port), "/ws", headers)).status;
  };
  // An allowed one is refused for its missing subprotocol.
  const all = ["https://b.example.org", "https://c.example.org"];
  assertEquals(await Promise.all(all.map(statusOf)), [400, 403]);
  const text = configurationOf({ port }, "https://c.example.org/");
  const plan = planReload(running.openConfiguration, parseConfiguration(text, "c.json"));
  assert("peers" in plan);
  await running.reload({ ...plan, certificateProblems: [] }, node.logger);
  assertEquals(await Promise.all(all.map(statusOf)), [403, 400]);
  const { head } = await askForPage(await connectTo(port));
  assertMatch(head, /connect-src 'self' wss:\/\/c\.example\.org;/);
  assertEquals((await pagesTold(running.port))[1], [`http://127.0.0.1:${port}/`, "https://c.example.org/"]);
});

processTest(
  "startNode() serves the WebSocket without a page where none was built, and says so once",
  async () => {
    const port = freePort();
    await using node = await PageNode.make({ port });
    const running = await node.start();
    assertEquals([running.page?.hasFiles, node.logger.of("noPage").length], [false, 1]);
    assertEquals((await askForPage(await connectTo(port))).status, 404);
  },
);

processTest(
  "startNode() refuses a taken port of the page, or goes on without it if it is optional",
  async () => {
    using held = Deno.listen({ hostname: "127.0.0.1", port: freePort() });
    const { port } = held.addr;
    await using node = await PageNode.make({ port }, { "index.html": "x" });
    await assertRejects(
      () => node.start(),
      Error,
      `cannot listen for browsers on 127.0.0.1 port ${port}, which another program has`,
    );
    await assertRejects(() => Deno.stat(`${node.folder}/data/log`), Deno.errors.NotFound);
    const running = await node.start(true);
    assertEquals([running.page, statusOf(running.observed).page], [undefined, undefined]);
    const [warning] = node.logger.of("pageNotServed");
    assertStringIncludes(String(warning?.["problem"]), `127.0.0.1 port ${port}, which another program has`);
    assertEquals((await pagesTold(running.port))[1], [undefined, OTHER_PAGE]);
  },
);

processTest("startNode() refuses a page that cannot be used, and leaves nothing open", async () => {
  const port = freePort();
  await using node = await PageNode.make({ port }, { "main.js": "x" });
  await assertRejects(() => node.start(), Error, "has no index.html");
  Deno.listen({ hostname: "127.0.0.1", port }).close();
});

processTest("--web-port and --no-web override the page of a configuration", async () => {
  const [configured, other] = [freePort(), freePort()];
  const node = { web: { port: configured } };
  await using moved = await ServerProcess.start({ node, flags: [`--web-port=${other}`] });
  assertEquals((await askForPage(await connectTo(other), "/missing")).status, 404);
  await assertRejects(() => connectTo(configured), Deno.errors.ConnectionRefused);
  assertEquals((await pagesTold(moved.port))[1], [`http://127.0.0.1:${other}/`]);
  const { stdout } = await runProgram("status", `--data=${moved.data}`, "--json");
  assertEquals(JSON.parse(stdout).page, `http://127.0.0.1:${other}/`);
  await using without = await ServerProcess.start({ node, flags: ["--no-web"] });
  await assertRejects(() => connectTo(configured), Deno.errors.ConnectionRefused);
  assertEquals((await pagesTold(without.port))[1], [undefined]);
  await using taken = await ServerProcess.spawn({ node: { web: { port: other } } });
  assertEquals(await taken.ended(), 1);
  assertStringIncludes(taken.stderr, `cannot listen for browsers on 127.0.0.1 port ${other}, which another`);
});

await networkTest(
  "a node without a file goes on where another program has the port of its page",
  async (network) => {
    const options = { unconfigured: true, wrapper: network.entry } as const;
    const flags = ["--log-level=info"];
    await using first = await ServerProcess.spawn({ ...options, flags: [...flags, "--web-port=5090"] });
    await first.waitFor(() => first.stdout.includes("its data is in"));
    await using asked = await ServerProcess.spawn({ ...options, flags: [...flags, "--web-port=5090"] });
    assertEquals(await asked.ended(), 1);
    assertStringIncludes(asked.stderr, "cannot listen for browsers on 127.0.0.1 port 5090");
    const words = (data: string): string[] => [
      ...network.entry,
      Deno.execPath(),
      "run",
      "--allow-all",
      new URL("../../server/main.ts", import.meta.url).pathname,
      "--port=0",
      `--data=${data}`,
    ];
    const folders = await Promise.all([1, 2].map(() => Deno.makeTempDir({ prefix: "chat-server-test-" })));
    const [one = "", two = ""] = folders;
    await using holder = ServerProcess.spawnIn(one, `${one}/data`, words(`${one}/data`));
    await holder.waitFor(() => holder.stdout.includes("its data is in"));
    assert(!holder.stderr.includes("pageNotServed"), holder.stderr);
    await using second = ServerProcess.spawnIn(two, `${two}/data`, words(`${two}/data`));
    await second.waitFor(() => second.stdout.includes("its data is in"));
    assertMatch(second.stderr, /"level":"warn","event":"pageNotServed"/);
    const client = await TestClient.login(0, "alice", undefined, await network.connect(second.port));
    await client[Symbol.asyncDispose]();
  },
);

const certificate = await makeCertificate();
const renewed = await makeCertificate();

Deno.test({
  name: `check looks at the certificate of the page, and SIGHUP renews it${
    certificate ? "" : " (ignored: needs openssl and the permission to run it)"
  }`,
  ignore: certificate === undefined || renewed === undefined,
  fn: async () => {
    const port = freePort();
    const folder = await Deno.makeTempDir({ prefix: "chat-server-page-test-" });
    const files = { cert: `${folder}/cert.pem`, key: `${folder}/key.pem` };
    const install = async (pair = certificate): Promise<void> => {
      await Deno.writeTextFile(files.cert, pair?.cert ?? "no certificate");
      await Deno.writeTextFile(files.key, pair?.key ?? "", { mode: 0o600 });
    };
    const statusWith = async (pair = certificate): Promise<number> => {
      const caCerts = [pair?.cert ?? ""];
      const connection = await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts });
      return (await askForPage(connection, "/missing")).status;
    };
    await install();
    await Deno.writeTextFile(`${folder}/config.json`, configurationOf({ port, ...files }, OTHER_PAGE));
    await Deno.chmod(files.key, 0o644);
    const { stdout } = await runProgram("check", `--config=${folder}/config.json`);
    assertStringIncludes(stdout, `page https://127.0.0.1:${port}/`);
    assertMatch(stdout, /warning: .*\/cert\.pem expires on /);
    assertMatch(stdout, /warning: .*\/key\.pem holds a secret /);
    {
      await using server = await ServerProcess.start({ node: { web: { port, ...files } } });
      assertEquals(await statusWith(), 404);
      const reloaded = async (event: string): Promise<void> => {
        const from = server.stderr.length;
        server.child.kill("SIGHUP");
        await server.waitFor(() => server.stderr.slice(from).includes('"event":"reloaded"'));
        assertStringIncludes(server.stderr.slice(from), `"event":"${event}"`);
      };
      await install(renewed);
      await reloaded("certificateRenewed");
      assertEquals(await statusWith(renewed), 404);
      await assertRejects(() => statusWith());
      await Deno.writeTextFile(files.cert, "no certificate");
      await reloaded("certificateNotRenewed");
      assertStringIncludes(server.stderr, "the port of the page keeps the certificate that it has");
      assertEquals(await statusWith(renewed), 404);
    }
    await using bad = await ServerProcess.spawn({ node: { web: { port, ...files } } });
    assertEquals(await bad.ended(), 1);
    assertStringIncludes(bad.stderr, 'check the files that "web" names');
    await Deno.remove(folder, { recursive: true });
  },
});
