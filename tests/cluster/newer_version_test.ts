import { assertEquals } from "@std/assert";
import { BatchEncoder } from "../../server/log/batch_encoder.ts";
import { encodeMark } from "../../server/log/log_record.ts";
import { segmentOpened } from "../../server/log/recover_log.ts";
import { EMPTY_LOG, segmentPath } from "../../server/log/segments.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { NEWER_TEXTS, newerEntries, newerTextsMissing } from "../testing/newer_version.ts";
import { processTest } from "../testing/permissions.ts";

/** Writes the log of a node that has run a newer version. */
async function writeNewerLog({ name, data }: ClusterNode): Promise<void> {
  const records = [encodeMark(segmentOpened(name, 1)), ...newerEntries().map(({ json }) => json)];
  await Deno.mkdir(`${data}/log`, { recursive: true });
  await Deno.writeFile(`${data}/${segmentPath(1)}`, new BatchEncoder().encode(EMPTY_LOG, records).bytes);
}

processTest("Entries of a newer version reach every disk as they were written", async () => {
  await using cluster = await ClusterProcesses.make();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  await writeNewerLog(one);
  await one.start();
  await two.start();
  await cluster.settled();
  await using ada = await two.login("ada");
  assertEquals((await ada.expect("sendMessage", { to: "ada", content: "hey" }, "sent")).copies, 2);
  // The third node gets them from the second, which has them in its files.
  await one.end();
  await two.end();
  await two.start();
  await three.start();
  await cluster.settled();
  await one.start();
  await cluster.sameLogs();
  for (const { data } of cluster.nodes) {
    assertEquals(newerTextsMissing(await Deno.readTextFile(`${data}/${segmentPath(1)}`)), []);
  }
  console.log(`${NEWER_TEXTS.length} entries on ${cluster.nodes.length} disks`);
});
