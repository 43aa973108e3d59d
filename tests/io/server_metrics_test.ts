import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { VERSION } from "../../common/version.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { LongLog, replaying } from "../testing/long_log.ts";
import { processTest } from "../testing/permissions.ts";
import { askPage, scrape } from "../testing/scraped.ts";
import { serverCommand, ServerProcess } from "../testing/server_process.ts";
import { OriginalTestClient, TestClient } from "../testing/test_client.ts";
import { makeCertificate } from "./net_harness.ts";
import { runProgram } from "./commands_harness.ts";

/** Entries of a log whose replay takes a while. */
const ENTRIES = 200_000;

/** Words that no answer of the port, and no line about a request, may have. */
const SECRETS = ["zacharias", "quintessa", "an unmistakable secret"];

/** Answers that need the metrics of this moment: a text is good for a second. */
async function figure(port: number, series: string): Promise<number | undefined> {
  return (await scrape(port)).get(series);
}

const certificate = await makeCertificate();

/** A test with the paths of a certificate that is good for two days, and of its key. */
function certificateTest(
  name: string,
  run: (files: { readonly cert: string; readonly key: string }) => Promise<void>,
): void {
  if (certificate === undefined) {
    return Deno.test({ name: `${name} (ignored: needs openssl)`, ignore: true, fn: () => {} });
  }
  processTest(name, async () => {
    const folder = await Deno.makeTempDir({ prefix: "chat-metrics-test-" });
    const files = { cert: `${folder}/cert.pem`, key: `${folder}/key.pem` };
    try {
      await Deno.writeTextFile(files.cert, certificate.cert);
      await Deno.writeTextFile(files.key, certificate.key);
      await run(files);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

processTest("a node counts connections, requests, messages and bytes, and names nobody", async () => {
  const port = freePort();
  await using server = await ServerProcess.start({
    node: { metrics: { port } },
    flags: ["--log-level=debug"],
  });
  const [alice = "", bob = "", content = ""] = SECRETS;
  await using one = await TestClient.login(server.port, alice);
  await using _two = await OriginalTestClient.login(server.port, bob);
  for (let i = 0; i < 3; i++) await one.expect("sendMessage", { to: bob, content }, "sent");
  assertEquals((await one.ask("sendMessage", { to: "nobody", content })).name, "error");
  await eventually(
    "the messages are counted",
    async () => await figure(port, "chat_messages_sent_total") === 3,
  );
  const samples = await scrape(port);
  const expected: Readonly<Record<string, number>> = {
    [`chat_info{version="${VERSION}",node="node1",cluster="test"}`]: 1,
    chat_ready: 1,
    'chat_connections{transport="tcp"}': 2,
    'chat_connections{transport="tls"}': 0,
    'chat_connections_by_dialect{dialect="confirmed"}': 1,
    'chat_connections_by_dialect{dialect="original"}': 1,
    'chat_connections_admitted_total{transport="tcp"}': 2,
    'chat_connections_turned_away_total{limit="connections"}': 0,
    chat_sessions: 2,
    'chat_requests_total{request="sendMessage",outcome="ok"}': 3,
    'chat_requests_total{request="sendMessage",outcome="unknown-user"}': 1,
    'chat_requests_total{request="finishLogin",outcome="ok"}': 2,
    chat_messages: 3,
    chat_accounts: 2,
    'chat_full{what="disk"}': 0,
    'chat_queue_length{queue="passwords"}': 0,
    chat_copies: 1,
    chat_nodes: 1,
    chat_forks: 0,
  };
  for (const [series, value] of Object.entries(expected)) assertEquals(samples.get(series), value, series);
  const grown = [
    "chat_received_bytes_total",
    "chat_sent_bytes_total",
    "chat_turn_seconds_count",
    "chat_sync_seconds_sum",
    "chat_log_entries",
    "chat_log_bytes",
    "chat_heap_used_bytes",
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
  ];
  for (const series of grown) assertGreater(samples.get(series) ?? 0, 0, series);
  assertEquals(samples.has("chat_disk_free_bytes"), false, "the node has no permission to know it");
  const pages = await Promise.all(
    ["/metrics", "/live", "/ready", "/nothing"].map((path) => askPage(port, path)),
  );
  const lines = server.stderr.split("\n").filter((line) => /"event":"(request|connection)/.test(line));
  assertGreater(lines.length, 5);
  const said = [...pages.map(({ text }) => text), ...lines].join("\n");
  for (const secret of SECRETS) assertEquals(said.includes(secret), false, secret);
  console.log(`${samples.size} series, ${said.length} characters without a name`);
});

certificateTest(
  "a node shows its days until a certificate expires, and the free disk if it may",
  async (files) => {
    const port = freePort();
    const tls = { host: "127.0.0.1", port: freePort(), ...files };
    const program = serverCommand().toSpliced(2, 0, "--allow-sys=statfs");
    await using server = await ServerProcess.start({ node: { metrics: { port }, tls }, program });
    const caCerts = [await Deno.readTextFile(files.cert)];
    using client = await Deno.connectTls({ hostname: "127.0.0.1", port: tls.port, caCerts });
    await client.handshake();
    await eventually(
      "the connection is counted",
      async () => await figure(port, 'chat_connections{transport="tls"}') === 1,
    );
    const samples = await scrape(port);
    const days = samples.get('chat_certificate_days_left{certificate="tls"}') ?? 0;
    assert(days > 1.9 && days < 2, `${days} days`);
    assertGreater(samples.get("chat_disk_free_bytes") ?? 0, 0);
    assertEquals(server.isOver, false);
    console.log(`${days} days left, ${samples.get("chat_disk_free_bytes")} bytes free`);
  },
);

processTest("a node answers while it reads its log, and is ready only then", async () => {
  await using log = await LongLog.write(ENTRIES);
  const port = freePort();
  await using server = await ServerProcess.spawn({ data: log.data, node: { metrics: { port } } });
  await replaying(server);
  assertEquals(await askPage(port, "/live"), { status: 200, text: "live\n" });
  assertEquals(await askPage(port, "/ready"), {
    status: 503,
    text: "the node is starting: it reads its log\n",
  });
  const samples = await scrape(port);
  assertEquals([samples.get("chat_ready"), samples.has("chat_sessions")], [0, false]);
  await eventually("it is ready", async () => (await askPage(port, "/ready")).status === 200);
  await eventually("its figures are there", async () => (await scrape(port)).has("chat_sessions"));
});

processTest("a taken port for metrics is told before the log is read", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  await using server = await ServerProcess.spawn({ node: { metrics: { port } } });
  assertEquals([await server.ended(), server.stdout], [1, ""]);
  assertStringIncludes(
    server.stderr,
    `cannot listen for metrics on 127.0.0.1 port ${port}, which another program has: stop that program, or choose ` +
      'another port for "metrics" in the configuration',
  );
});

processTest(
  "status and a reload name the address of the metrics, and a stopped node lets it go",
  async () => {
    const port = freePort();
    await using server = await ServerProcess.start({ node: { metrics: { port } } });
    const { stdout } = await runProgram("status", `--data=${server.data}`);
    assertStringIncludes(stdout, `metrics   http://127.0.0.1:${port}/metrics\n`);
    const file = `${server.folder}/cluster_config.json`;
    const configuration = JSON.parse(await Deno.readTextFile(file));
    configuration.nodes[0].metrics.port = port + 1;
    await Deno.writeTextFile(file, JSON.stringify(configuration));
    server.child.kill("SIGHUP");
    await eventually("the reload tells it", () => {
      return server.stderr.includes(`metrics.port is ${port}, and ${port + 1} in the file`);
    });
    assertEquals((await askPage(port, "/live")).status, 200);
    assertEquals((await server.stop()).code, 0);
    Deno.listen({ hostname: "127.0.0.1", port }).close();
  },
);
