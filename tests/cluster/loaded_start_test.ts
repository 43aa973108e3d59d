import { assert, assertEquals, assertGreater } from "@std/assert";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { sendMany } from "../testing/many_messages.ts";
import { processTest } from "../testing/permissions.ts";

const MESSAGES = 10_000;

processTest("A node that has loaded its archive gives others the entries before its place", async () => {
  await using cluster = await ClusterProcesses.make({ names: ["node1", "node2"] });
  const [one, two] = [cluster.node(1), cluster.node(2)];
  await one.start();
  await two.start();
  await cluster.settled();
  {
    await using ada = await one.login("ada");
    await using bob = await two.login("bob");
    await Promise.all([sendMany(ada, "bob", MESSAGES / 2), sendMany(bob, "ada", MESSAGES / 2)]);
  }
  await cluster.settled();
  await eventually("the archive follows the log", async () => {
    const status = await one.status();
    return status?.archive?.lag === 0 && status.archive.position > MESSAGES;
  }, 120_000);
  await two.kill();
  await one.kill();
  await two.wipe();
  await one.start();
  assert(!one.server.stderr.includes("archiveNotLoaded"), one.server.stderr);
  await two.start();
  await cluster.settled();
  const [before, after] = [await one.status(), await two.status()];
  assertEquals(after?.entries, before?.entries);
  const { entries, state } = await cluster.sameLogs();
  console.log(`${entries} entries came from a node that had loaded its archive`);
  assertGreater(entries, MESSAGES);
  assertEquals(state.messages.size, MESSAGES);
});
