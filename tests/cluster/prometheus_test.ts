import { assert, assertEquals, assertGreater } from "@std/assert";
import { METRICS } from "../../server/metrics/metric_table.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { processTest } from "../testing/permissions.ts";
import { Prometheus, whyWithout } from "../testing/prometheus.ts";
import { askPage } from "../testing/scraped.ts";
import { TestClient } from "../testing/test_client.ts";

/** Messages that are sent at each node. */
const MESSAGES = 20;

/** Metrics that nodes of this test do not have: they lack the permission, and have no certificate. */
const MISSING = ["chat_disk_free_bytes", "chat_certificate_days_left"];

/** Names of people, and a content; parts of no other word. */
const SECRETS = ["zacharias", "quintessa", "balthasar", "an unmistakable secret"];

const reason = await whyWithout("prometheus");

function prometheusTest(name: string, run: () => Promise<void>): void {
  if (reason === undefined) processTest(name, run);
  else Deno.test({ name: `${name} (ignored: ${reason})`, ignore: true, fn: () => {} });
}

/** A cluster of three nodes whose metrics are at these ports. */
function startCluster(ports: readonly number[]): Promise<ClusterProcesses> {
  const members = ports.map((port, index) => [`node${index + 1}`, { metrics: { port } }]);
  return ClusterProcesses.start({ members: Object.fromEntries(members) });
}

/** Sends messages at each node, from one person to the next. */
async function talk(cluster: ClusterProcesses): Promise<void> {
  const [content = ""] = SECRETS.slice(-1);
  const people = SECRETS.slice(0, -1);
  const clients = await Promise.all(people.map((name, index) => cluster.node(index + 1).login(name)));
  for (const [index, client] of clients.entries()) {
    const to = people[(index + 1) % people.length] ?? "";
    const known = async (): Promise<boolean> =>
      (await client.ask("sendMessage", { to, content })).name === "sent";
    await eventually(`${to} is known at node${index + 1}`, known);
    for (let i = 1; i < MESSAGES; i++) await client.expect("sendMessage", { to, content }, "sent");
  }
  await Promise.all(clients.map((client: TestClient) => client[Symbol.asyncDispose]()));
}

prometheusTest("Prometheus scrapes three nodes, and sees one die", async () => {
  const ports = [freePort(), freePort(), freePort()];
  await using cluster = await startCluster(ports);
  await talk(cluster);
  await using prometheus = await Prometheus.start(ports.map((port) => `127.0.0.1:${port}`));
  const valuesOf = async (query: string): Promise<readonly number[]> =>
    (await prometheus.query(query)).map(({ value }) => value);
  await eventually("all targets are up", async () => {
    const up = await valuesOf('up{job="chat"}');
    return up.length === 3 && up.every((value) => value === 1);
  });
  const empty: string[] = [];
  for (const [name, { type }] of Object.entries(METRICS)) {
    const series = type === "histogram" ? `${name}_count` : name;
    const { length } = await prometheus.query(series);
    if (length < 3) empty.push(name);
  }
  assertEquals(empty, MISSING);
  const sent = await valuesOf("sum(chat_messages_sent_total)");
  assertEquals(sent, [3 * MESSAGES]);
  assertEquals(await valuesOf("min(chat_messages)"), [3 * MESSAGES], "every node has the messages of all");
  await eventually(
    "all are in sync with one another",
    async () => (await valuesOf('sum(chat_peer_state{state="in sync"})'))[0] === 6,
  );
  assertEquals(await valuesOf("min(chat_ready)"), [1]);
  const [quantile = 0] = await valuesOf("max(histogram_quantile(0.99, chat_sync_seconds_bucket))");
  assertGreater(quantile, 0);
  const rules = await prometheus.rules();
  assertEquals(
    [...rules.values()].filter((state) => !state.startsWith("ok") && !state.startsWith("unknown")),
    [],
  );
  await checkNames(ports, prometheus);
  await cluster.node(3).kill();
  await eventually("a target is down", async () => (await valuesOf("sum(up)"))[0] === 2);
  await eventually(
    "peers see it",
    async () => (await valuesOf('sum(chat_peer_state{peer="node3",state="unreachable"})'))[0] === 2,
  );
  await eventually(
    "a rule sees it",
    async () => (await prometheus.rules()).get("ChatNodeDown") === "ok pending",
  );
  console.log(`${Object.keys(METRICS).length - empty.length} metrics of 3 nodes, ${rules.size} rules`);
});

/** No page of a node, and no label that Prometheus knows, has the name of a person or a content. */
async function checkNames(ports: readonly number[], prometheus: Prometheus): Promise<void> {
  const pages = ports.flatMap((port) =>
    ["/metrics", "/live", "/ready", "/x"].map((path) => askPage(port, path))
  );
  const texts = (await Promise.all(pages)).map(({ text }) => text);
  const series = JSON.stringify(await prometheus.query('{__name__=~"chat_.+"}'));
  assertGreater(series.length, 1_000);
  for (const secret of SECRETS) {
    assert(!series.includes(secret) && texts.every((text) => !text.includes(secret)), secret);
  }
  console.log(`${texts.length} pages and ${series.length} characters of labels without a name`);
}
