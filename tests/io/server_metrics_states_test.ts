import { assertEquals } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { processTest } from "../testing/permissions.ts";
import { askPage, scrape } from "../testing/scraped.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { SmallDisk, whyNoSmallDisk } from "../testing/small_disk.ts";
import { TestClient } from "../testing/test_client.ts";

const MEBIBYTE = 1_048_576;

/** Reserve, log and a spare file fit. */
const DISK_BYTES = 64 * MEBIBYTE;

/** The file that fills the disk. */
const BALLAST = "ballast";

const noDisk = await whyNoSmallDisk();

function diskTest(name: string, run: () => Promise<void>): void {
  if (noDisk === undefined) processTest(name, run);
  else Deno.test({ name: `${name} (ignored: ${noDisk})`, ignore: true, fn: () => {} });
}

diskTest("a node with a full disk is not ready, and says so, until there is room", async () => {
  await using disk = await SmallDisk.mount(DISK_BYTES);
  const port = freePort();
  await using server = await ServerProcess.start({
    data: `${disk.folder}/data`,
    configuration: { reserveBytes: MEBIBYTE },
    node: { metrics: { port } },
  });
  await using ann = await TestClient.login(server.port, "ann");
  assertEquals((await askPage(port, "/ready")).status, 200);
  await disk.fill(BALLAST);
  const send = async (): Promise<boolean> =>
    (await ann.ask("sendMessage", { to: "ann", content: "x".repeat(10_000) })).name === "sent";
  await eventually("the disk is full", async () => !await send());
  const answer = { status: 503, text: "the disk is full: nothing new is taken\n" };
  assertEquals(await askPage(port, "/ready"), answer);
  assertEquals((await askPage(port, "/live")).status, 200);
  await eventually("the metrics say so", async () => {
    const samples = await scrape(port);
    return samples.get('chat_full{what="disk"}') === 1 && samples.get("chat_ready") === 0;
  });
  await disk.free(BALLAST);
  await eventually("it is ready again", async () => (await askPage(port, "/ready")).status === 200);
});

processTest("a node counts the connections that it turns away, by the limit", async () => {
  const port = freePort();
  const limits = {
    connections: 1,
    unauthenticatedConnections: 1,
    unauthenticatedPerAddress: 1,
    connectionsPerAddress: 1,
  };
  await using server = await ServerProcess.start({
    configuration: { hashCost: 4, limits },
    node: { metrics: { port } },
  });
  await using _first = await TestClient.login(server.port, "ann");
  for (let i = 0; i < 3; i++) {
    using refused = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    await new Response(refused.readable).arrayBuffer();
  }
  await eventually("they are counted", async () => {
    const samples = await scrape(port);
    return samples.get('chat_connections_turned_away_total{limit="connections"}') === 3 &&
      samples.get('chat_connections_admitted_total{transport="tcp"}') === 1;
  });
});

processTest("a node counts connections to the port of its page apart", async () => {
  const port = freePort();
  const webPort = freePort();
  await using _server = await ServerProcess.start({
    node: { metrics: { port }, web: { host: "127.0.0.1", port: webPort } },
  });
  using _open = await Deno.connect({ hostname: "127.0.0.1", port: webPort });
  await eventually("it is counted", async () => {
    const samples = await scrape(port);
    return samples.get('chat_connections{transport="web"}') === 1 &&
      samples.get('chat_connections{transport="tcp"}') === 0 &&
      samples.get('chat_connections_by_dialect{dialect="none"}') === 0;
  });
});

processTest("an archive is never ready, and does not look as if it failed", async () => {
  const [port, grpc] = [freePort(), freePort()];
  const address = { host: "127.0.0.1", port: grpc };
  const other = { name: "node2", tcp: { host: "127.0.0.1", port: freePort() }, grpc: { port: freePort() } };
  await using server = await ServerProcess.spawn({
    node: { tcp: undefined, grpc: address, tags: ["archive"], metrics: { port } },
    others: [other],
  });
  await server.waitFor(() => server.stdout.includes("serves no clients"));
  const answer = { status: 503, text: "the node is an archive, which serves no clients\n" };
  await eventually("it has started", async () => (await askPage(port, "/ready")).text === answer.text);
  assertEquals(await askPage(port, "/ready"), answer);
  const samples = await scrape(port);
  assertEquals([samples.has("chat_accounts"), samples.has("chat_ready")], [true, false]);
});
