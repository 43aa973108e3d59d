import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { ClusterLoad } from "../testing/cluster_load.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { sendMany } from "../testing/many_messages.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import type { TestClient } from "../testing/test_client.ts";

/** How often a node is frozen. */
const FREEZES = scale(1, 10);
/** How long, ms: longer than a peer may be silent. */
const FREEZE_MS = 11_000;
/** How many messages are sent meanwhile beside the load. */
const MESSAGES = 10_000;
/** Nobody is to wait longer than a second for a node that does not answer; the machine is shared, ms. */
const WAIT_MS_MAX = 1_500;

const MIB = 1_048_576;

processTest(
  "SENT waits for a frozen node no longer than a second, and counts it again when it goes on",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    const load = new ClusterLoad(3);
    await load.register(one);
    await using ada = await one.login("ada");
    await using _bob = await one.login("bob");
    const memory = () => Promise.all([one, two].map((node) => node.server.residentBytes()));
    const grownSince = async (before: readonly number[]) =>
      (await memory()).map((bytes, index) => `${Math.round((bytes - (before[index] ?? 0)) / MIB)}`).join(
        " and ",
      );
    const atStart = await memory();
    assertEquals(await sendMany(ada, "bob", MESSAGES), 3);
    console.log(`nothing is frozen: resident memory grown by ${await grownSince(atStart)} MiB`);
    for (let freeze = 1; freeze <= FREEZES; freeze++) {
      await cluster.settled();
      assertEquals(await copiesOf(ada), 3);
      const before = await memory();
      load.slowestMs = 0;
      load.start([one, two]);
      three.pause();
      const frozenMs = performance.now();
      await eventually("the frozen node is not counted", async () => await copiesOf(ada) === 2, 5_000);
      const noticedMs = performance.now() - frozenMs;
      assertEquals(await sendMany(ada, "bob", MESSAGES), 2);
      await new Promise((resolve) => setTimeout(resolve, FREEZE_MS - (performance.now() - frozenMs)));
      assertEquals(await one.peers(), ["node2 in sync", "node3 unreachable"]);
      const grown = await grownSince(before);
      three.resume();
      const resumedMs = performance.now();
      await eventually("the node is counted again", async () => await copiesOf(ada) === 3);
      const caughtUpMs = performance.now() - resumedMs;
      await load.stop();
      console.log(
        `freeze ${freeze}: noticed after ${Math.round(noticedMs)} ms, counted again ${
          Math.round(caughtUpMs)
        } ms ` +
          `after its end, slowest answer ${
            Math.round(load.slowestMs)
          } ms, resident memory grown by ${grown} MiB`,
      );
      assertGreater(load.slowestMs, 0);
      assertLessOrEqual(load.slowestMs, WAIT_MS_MAX);
    }
    await cluster.settled();
    assert(await load.verify(cluster.nodes) > 0);
    console.log(
      `${FREEZES} freezes: ${load.summary()}; ${(await cluster.sameLogs()).entries} entries in each log`,
    );
    assertEquals(load.messages.atRisk, 0);
  },
);

/** With how many copies a message is acknowledged now. */
async function copiesOf(client: TestClient): Promise<number> {
  return (await client.expect("sendMessage", { to: "bob", content: "how many?" }, "sent")).copies;
}
