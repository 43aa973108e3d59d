import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { METRICS } from "../../../server/metrics/metric_table.ts";
import { METRICS_TYPE, MetricsText } from "../../../server/metrics/metrics_text.ts";

Deno.test("MetricsText.of() writes what there is, and leaves out what cannot be known", async () => {
  const text = new MetricsText();
  const first = await text.of({
    chat_peer_entries_behind: [{ value: 7, labels: { peer: 'no"de2\n' } }],
    chat_disk_free_bytes: [],
    chat_received_bytes_total: [{ value: 12, labels: {} }],
  });
  assertStringIncludes(first, "# TYPE chat_peer_entries_behind gauge\n");
  assertStringIncludes(first, '\nchat_peer_entries_behind{peer="no\\"de2\\n"} 7\n');
  assertStringIncludes(first, "# TYPE chat_received_bytes_total counter\nchat_received_bytes_total 12\n");
  assertEquals(first.includes("chat_disk_free_bytes"), false);
  const second = await text.of({ chat_received_bytes_total: [{ value: 13, labels: {} }] });
  assertStringIncludes(second, "\nchat_received_bytes_total 13\n");
  assertEquals(second.includes("node2"), false, "a peer that is gone is gone");
  assertEquals(METRICS_TYPE, "text/plain; version=0.0.4; charset=utf-8");
});

Deno.test("MetricsText.observe() fills a histogram, which stays", async () => {
  const text = new MetricsText();
  for (const seconds of [0.0002, 0.003, 30]) text.observe("chat_sync_seconds", seconds);
  for (const said of [await text.of({}), await text.of({})]) {
    assertStringIncludes(said, '\nchat_sync_seconds_bucket{le="0.0001"} 0\n');
    assertStringIncludes(said, '\nchat_sync_seconds_bucket{le="0.005"} 2\n');
    assertStringIncludes(said, '\nchat_sync_seconds_bucket{le="+Inf"} 3\n');
    assertStringIncludes(said, "\nchat_sync_seconds_count 3\n");
    assertStringIncludes(said, "\nchat_turn_seconds_count 0\n");
  }
});

Deno.test("METRICS have names and units as Prometheus wants them", () => {
  for (const [name, { type, help }] of Object.entries(METRICS)) {
    assertMatch(name, /^(chat|process)(_[a-z]+)+$/);
    assertEquals(name.endsWith("_total"), type === "counter", name);
    assertMatch(help, /^[A-Z0-9][^\n]+[^.\n]$/, name);
  }
  console.log(`${Object.keys(METRICS).length} metrics`);
});
