import { freePort } from "../testing/free_port.ts";
import { assert, assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { Load } from "../testing/load.ts";
import { processTest } from "../testing/permissions.ts";
import { RawClient } from "../testing/raw_client.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TerminalWindow, whyNoTerminal } from "../testing/terminal_window.ts";
import { TestClient } from "../testing/test_client.ts";

/** Time limit of a stop, ms: two seconds, and as much again twice for a busy machine. */
const STOP_MS = 6_000;
/** More than the kernel buffers for a reader that does not read, bytes. */
const UNREAD_BYTES = 12 * 1_024 * 1_024;
const CONTENT_BYTES = 16 * 1_024;
/** Client port of the other node. */
const OTHER_PORT = 7_002;
/** Another node of the cluster, which does not run. */
function otherNode(): { name: string; tcp: { host: string; port: number }; grpc: { port: number } } {
  return { name: "node2", tcp: { host: "127.0.0.1", port: OTHER_PORT }, grpc: { port: freePort() } };
}

/** Sends a signal; returns the exit status and the duration of the stop, ms. */
async function timedStop(
  server: ServerProcess,
  signal: Deno.Signal,
): Promise<{ code: number; tookMs: number }> {
  const beganMs = performance.now();
  const { code } = await server.stop(signal);
  return { code, tookMs: performance.now() - beganMs };
}

async function assertStopped(server: ServerProcess, signal: Deno.Signal): Promise<void> {
  const { code, tookMs } = await timedStop(server, signal);
  console.log(`${signal}: ended with ${code} after ${Math.round(tookMs)} ms`);
  assertEquals(code, 0, server.stderr);
  assertLess(tookMs, STOP_MS);
  assert((await Deno.stat(`${server.data}/clean`)).isFile);
  const log = await Deno.readTextFile(`${server.data}/log/00000001.jsonl`);
  assertStringIncludes(log.trimEnd().split("\n").at(-1) ?? "", '"nodeStopped"');
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  processTest(`ServerProcess says where to go on and ends with 0 after ${signal}`, async () => {
    await using server = await ServerProcess.start({ others: [otherNode()] });
    await using alice = await TestClient.login(server.port, "alice");
    await using bob = await TestClient.login(server.port, "bob");
    await alice.expect("sendMessage", { to: "bob", content: "hello" }, "sent");
    await assertStopped(server, signal);
    for (const client of [alice, bob]) {
      await client.closed;
      const closing = client.pushes.items.find(({ name }) => name === "closing");
      assert(closing?.name === "closing", "CLOSING is pushed");
      assertEquals(closing.payload.nodes, [{ name: "node2", host: "127.0.0.1", port: OTHER_PORT }]);
    }
  });
}

processTest("ServerProcess ends in time with 100 connections", async () => {
  await using server = await ServerProcess.start();
  const clients: TestClient[] = [];
  for (let number = 0; number < 100; number++) {
    clients.push(await TestClient.login(server.port, `user${number}`));
  }
  await assertStopped(server, "SIGTERM");
  for (const client of clients) {
    await client.closed;
    assert(client.pushes.items.some(({ name }) => name === "closing"));
    await client[Symbol.asyncDispose]();
  }
});

processTest("ServerProcess keeps everything acknowledged when it is stopped under load", async () => {
  const load = new Load(4);
  await using first = await ServerProcess.start();
  await load.register(first.port);
  const working = load.work(first.port);
  await new Promise((resolve) => setTimeout(resolve, 700));
  await assertStopped(first, "SIGTERM");
  await working;
  await using second = await ServerProcess.start({ data: first.data });
  const compared = await load.verify(second.port);
  assertGreater(compared, 0);
  console.log(`${compared} messages compared: ${load.summary()}`);
  assertEquals((await second.stop()).code, 0);
});

processTest(
  "ServerProcess ends in time with a reader that reads nothing, and ignores a second signal",
  async () => {
    const limits = {
      ...QUICK.limits,
      outboundBytesSoft: 2 * UNREAD_BYTES,
      outboundBytesHard: 2 * UNREAD_BYTES,
    };
    await using server = await ServerProcess.start({ configuration: { limits } });
    await using _stalled = await RawClient.login(server.port, "stalled");
    await using alice = await TestClient.login(server.port, "alice");
    const content = "x".repeat(CONTENT_BYTES);
    const count = UNREAD_BYTES / CONTENT_BYTES;
    for (let sent = 0; sent < count; sent++) {
      await alice.expect("sendMessage", { to: "stalled", content }, "sent");
    }
    const second = setTimeout(() => server.child.kill("SIGINT"), 300);
    const third = setTimeout(() => server.child.kill("SIGTERM"), 400);
    await assertStopped(server, "SIGINT");
    clearTimeout(second);
    clearTimeout(third);
    await using again = await ServerProcess.start({ data: server.data });
    assertStringIncludes(again.stdout, `${count} messages`);
    assert(!server.stderr.includes("slowReaderDropped"), "it was there until the end");
  },
);

const noTerminal = await whyNoTerminal();

Deno.test({
  name: `deno task server ends with a farewell after Ctrl-C in a terminal${
    noTerminal === undefined ? "" : ` (ignored: ${noTerminal})`
  }`,
  ignore: noTerminal !== undefined,
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "chat-server-test-" });
    try {
      await stopInTerminal(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

async function stopInTerminal(folder: string): Promise<void> {
  const node = { name: "node1", tcp: { host: "127.0.0.1", port: 7_001 }, grpc: { port: freePort() } };
  const configuration = { cluster: "test", ...QUICK, nodes: [node, otherNode()] };
  await Deno.writeTextFile(`${folder}/cluster_config.json`, JSON.stringify(configuration));
  const flags = `--config=${folder}/cluster_config.json --data=${folder}/data --port=0`;
  const root = new URL("../../", import.meta.url).pathname;
  const command = `"${Deno.execPath()}" task server ${flags}; echo "ended with $?"`;
  await using terminal = await TerminalWindow.open(command, root);
  await eventually("the server listens", async () => (await terminal.text()).includes("its data is in"));
  const port = Number(/listens on \S+:(\d+)/.exec(await terminal.text())?.[1]);
  await using alice = await TestClient.login(port, "alice");
  await terminal.press("C-c");
  await alice.closed;
  assert(alice.pushes.items.some(({ name }) => name === "closing"), "CLOSING is pushed");
  await eventually("the task ends", async () => (await terminal.text()).includes("ended with"));
  assertStringIncludes(await terminal.text(), "ended with 0");
  assert((await Deno.stat(`${folder}/data/clean`)).isFile);
}
