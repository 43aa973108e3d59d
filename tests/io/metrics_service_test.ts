import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import type { Figures } from "../../server/metrics/metric_table.ts";
import { MetricsService, SCRAPERS_MAX } from "../../server/metrics/metrics_service.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { askPage, scrape } from "../testing/scraped.ts";
import { KeptLogger } from "./net_harness.ts";

/** Connections that say nothing. */
const SILENT = 300;

/** Samples that make a text longer than the buffers of a socket. */
const PEERS = 40_000;

/** A service whose figures a test makes. `await using` stops it. */
class Stage implements AsyncDisposable {
  figures: Partial<Figures> = { chat_sessions: [{ value: 3, labels: {} }] };
  problem: string | undefined;
  nowMs = 0;
  /** Number of texts that were made. */
  texts = 0;
  readonly logger = new KeptLogger();
  readonly service = new MetricsService({
    hostname: "127.0.0.1",
    port: 0,
    monotonicMs: () => this.nowMs,
    figures: () => {
      this.texts++;
      return Promise.resolve(this.figures);
    },
    problem: () => this.problem,
    logger: this.logger,
  });

  get port(): number {
    return Number(new URL(this.service.url).port);
  }

  connect(): Promise<Deno.TcpConn> {
    return Deno.connect({ hostname: "127.0.0.1", port: this.port });
  }

  /** Sends bytes as they are; resolves to everything that comes until the other end closes. */
  async raw(text: string): Promise<string> {
    using connection = await this.connect();
    await connection.write(new TextEncoder().encode(text));
    return await new Response(connection.readable).text().catch(() => "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service.stop();
  }
}

processTest(
  "MetricsService answers /metrics, /live and /ready, with the reason where it is not",
  async () => {
    await using stage = new Stage();
    assertEquals(stage.service.url, `http://127.0.0.1:${stage.port}/metrics`);
    assertEquals((await scrape(stage.port)).get("chat_sessions"), 3);
    assertEquals(await askPage(stage.port, "/live"), { status: 200, text: "live\n" });
    assertEquals(await askPage(stage.port, "/ready"), { status: 200, text: "ready\n" });
    stage.problem = "the disk is full";
    assertEquals(await askPage(stage.port, "/ready"), { status: 503, text: "the disk is full\n" });
    assertEquals(await askPage(stage.port, "/live"), { status: 200, text: "live\n" });
  },
);

processTest("MetricsService refuses everything else, and needs no Host", async () => {
  await using stage = new Stage();
  const cases: [string, RequestInit, number][] = [
    ["/", {}, 404],
    ["/metrics/", {}, 404],
    ["/metrics", { method: "POST", body: "x".repeat(10) }, 405],
    ["/metrics", { method: "DELETE" }, 405],
    ["/nothing", { method: "PUT", body: "x".repeat(40_000) }, 404],
  ];
  for (const [path, init, status] of cases) {
    assertEquals((await askPage(stage.port, path, init)).status, status, `${init.method} ${path}`);
  }
  assertStringIncludes(
    await stage.raw("GET /metrics HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc"),
    "HTTP/1.1 413 ",
  );
  assertStringIncludes(await stage.raw("GET /live HTTP/1.0\r\n\r\n"), "HTTP/1.1 200 OK");
  assertStringIncludes(await stage.raw("hello\r\n\r\n"), "HTTP/1.1 400 ");
  const head = await stage.raw("HEAD /metrics HTTP/1.1\r\n\r\n");
  assert(head.startsWith("HTTP/1.1 200 OK") && head.endsWith("\r\n\r\n"), head);
  assertEquals(await stage.raw(`GET /${"x".repeat(10_000)} HTTP/1.1\r\n\r\n`), "");
  console.log(`${cases.length + 5} requests`);
});

processTest(
  "MetricsService takes the rest of a refused request, so that no reset destroys the answer",
  async () => {
    await using stage = new Stage();
    using connection = await stage.connect();
    const send = (text: string): Promise<number> => connection.write(new TextEncoder().encode(text));
    await send("POST /metrics HTTP/1.1\r\ncontent-length: 2\r\n\r\n");
    const buffer = new Uint8Array(4_096);
    let answer = "";
    for (let count = await connection.read(buffer); count !== null; count = await connection.read(buffer)) {
      answer += new TextDecoder().decode(buffer.subarray(0, count));
    }
    assertStringIncludes(answer, "HTTP/1.1 405 ");
    for (const byte of "ab") {
      await send(byte);
      // A reset would have come by then, and the next byte would fail.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },
);

processTest("MetricsService makes a text at most once a second, however many ask", async () => {
  await using stage = new Stage();
  await Promise.all(Array.from({ length: SCRAPERS_MAX }, () => scrape(stage.port)));
  assertEquals(stage.texts, 1);
  stage.nowMs = 1_000;
  await scrape(stage.port);
  assertEquals(stage.texts, 2);
});

processTest("MetricsService lets go of silent and slow scrapers, and answers others meanwhile", async () => {
  await using stage = new Stage();
  const silent: Deno.TcpConn[] = [];
  for (let i = 0; i < SILENT; i++) silent.push(await stage.connect());
  assertEquals((await askPage(stage.port, "/live")).status, 200);
  let closed = 0;
  for (const connection of silent) {
    void connection.read(new Uint8Array(1)).catch(() => null).then(() => closed++);
  }
  await eventually("the others are closed", () => SILENT - closed <= SCRAPERS_MAX);
  for (const connection of silent) connection.close();
  const labels = Array.from({ length: PEERS }, (_, i) => ({ value: i, labels: { peer: `node${i}` } }));
  stage.figures = { chat_peer_entries_behind: labels };
  stage.nowMs = 1_000;
  // They ask and read nothing: what the kernel does not take waits in the node, as often as there are connections.
  const slow: Deno.TcpConn[] = [];
  for (let i = 0; i < 2 * SCRAPERS_MAX; i++) {
    const connection = await stage.connect();
    await connection.write(new TextEncoder().encode("GET /metrics HTTP/1.1\r\n\r\n"));
    slow.push(connection);
  }
  assertGreater((await scrape(stage.port)).size, PEERS - 1);
  for (const connection of slow) connection.close();
  console.log(`${SILENT} silent and ${slow.length} slow scrapers, ${stage.texts} texts made`);
});

processTest("MetricsService answers 500 and goes on if figures cannot be had", async () => {
  await using stage = new Stage();
  stage.figures = { chat_sessions: [{ value: NaN, labels: { planted: "x" } }] };
  const { status, text } = await askPage(stage.port, "/metrics");
  assertEquals([status, text], [500, "the node could not answer; its diagnostics say why\n"]);
  assertEquals(stage.logger.of("metrics").length, 1);
  stage.figures = {};
  stage.nowMs = 1_000;
  assertEquals((await askPage(stage.port, "/metrics")).status, 200);
});

processTest("MetricsService measures the delay of the event loop", async () => {
  await using stage = new Stage();
  const beats = async (): Promise<number> => {
    stage.nowMs += 1_000;
    return (await scrape(stage.port)).get("chat_event_loop_delay_seconds_count") ?? 0;
  };
  await eventually("its timer has run", async () => await beats() > 1);
  const sum = (await scrape(stage.port)).get("chat_event_loop_delay_seconds_sum") ?? 0;
  assertGreater(sum, 0.8, "between two beats, the clock of the test went on by a second");
});
