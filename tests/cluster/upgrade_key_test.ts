import { assertEquals } from "@std/assert";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { serverCommand } from "../testing/server_process.ts";
import { VersionBefore } from "../testing/version_before.ts";

/** Restarts a node with another program. */
async function restart(
  node: ClusterNode,
  program: readonly string[],
  flags: readonly string[] = [],
): Promise<void> {
  await node.end();
  node.program = program;
  await node.start({ flags });
}

/** True if a node of this version has warned of a peer. */
function hasWarned(node: ClusterNode, peer: string): boolean {
  return node.diagnostics.some((line) =>
    line.includes('"peerUnproven"') && line.includes(`"peer":"${peer}"`)
  );
}

processTest(
  "Nodes of the version before are upgraded without a flag, and then must prove themselves",
  async () => {
    await using before = await VersionBefore.unpack();
    await using cluster = await ClusterProcesses.start({ program: before.serverCommand() });
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    await using ada = await two.login("ada");
    await ada.expect("sendMessage", { to: "ada", content: "before" }, "sent");
    for (const node of [one, two, three]) {
      await restart(node, serverCommand());
      await cluster.settled();
    }
    await eventually("node1 has warned", () => hasWarned(one, "node2") && hasWarned(one, "node3"));
    assertEquals([hasWarned(three, "node1"), hasWarned(three, "node2")], [false, false]);
    // Now a node that proves nothing is refused, also after restarts of the others.
    await restart(one, serverCommand());
    await restart(three, before.serverCommand());
    for (const node of [one, two]) {
      await eventually(`${node.name} refuses node3`, async () => {
        const peer = (await node.status())?.peers.find(({ name }) => name === "node3");
        return peer?.state === "refused" && peer.code === "key";
      });
    }
    // The administrator wants node3 to go back.
    for (const node of [one, two]) await restart(node, serverCommand(), ["--unproven-peers"]);
    await cluster.settled();
    await eventually("both have warned", () => hasWarned(one, "node3") && hasWarned(two, "node3"));
    await restart(three, serverCommand());
    await cluster.settled();
    for (const node of [one, two]) await restart(node, serverCommand());
    await cluster.settled();
    assertEquals((await cluster.sameLogs()).state.messages.size, 1);
  },
);

processTest("A node with an empty folder takes nothing of a peer that proves nothing", async () => {
  await using before = await VersionBefore.unpack();
  await using cluster = await ClusterProcesses.start({ program: before.serverCommand() });
  const one = cluster.node(1);
  await using _ada = await cluster.node(2).login("ada");
  await one.end();
  await one.wipe();
  one.program = serverCommand();
  await one.start();
  await one.served();
  const isRefusing = async (): Promise<boolean> =>
    (await one.peers()).join() === "node2 refused,node3 refused";
  await eventually("node1 refuses both", isRefusing);
  assertEquals((await one.status())?.accounts, 0);
  await restart(one, serverCommand(), ["--unproven-peers"]);
  await cluster.settled();
  assertEquals((await one.status())?.accounts, 1);
});
