import { assertEquals } from "@std/assert";
import { segmentPath } from "../../server/log/segments.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { writeFirstSegment } from "../testing/first_segment.ts";
import { NEWER_TEXTS, newerEntries, newerTextsMissing } from "../testing/newer_version.ts";
import { processTest } from "../testing/permissions.ts";

processTest("Entries of a newer version reach every disk as they were written", async () => {
  await using cluster = await ClusterProcesses.make();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  await writeFirstSegment(one, newerEntries());
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
