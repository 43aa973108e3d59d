import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { runProgram } from "../io/commands_harness.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { serverCommand } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { VersionBefore } from "../testing/version_before.ts";

const INVITED = { configuration: { registration: "invite" } };

async function act(node: ClusterNode, line: string): Promise<string> {
  const { status, stdout, stderr } = await runProgram(...line.split(" "), `--data=${node.data}`);
  assertEquals(status, 0, `${line}: ${stderr}`);
  return stdout.trimEnd();
}

/** Code of the ERROR that answers a registration, or the name of the reply. */
async function register(node: ClusterNode, name: string, invitation: string): Promise<string> {
  await using client = await TestClient.connect(node.port);
  await client.ask("startLogin", { name });
  const reply = await client.ask("finishLogin", { password: `password of ${name}`, invitation });
  return reply.name === "error" ? reply.payload.code : reply.name;
}

async function usesAt(node: ClusterNode): Promise<unknown> {
  const { used, state } = JSON.parse(await act(node, "invites --json"));
  return [used, state];
}

processTest("An invitation that is used at three nodes at one moment is used once", async () => {
  await using cluster = await ClusterProcesses.start(INVITED);
  const { nodes } = cluster;
  let rounds = 0;
  for (; rounds < 8; rounds++) {
    const code = await act(cluster.node(1), "invite");
    const outcomes = await Promise.all(nodes.map((node, i) => register(node, `ann${rounds}.${i}`, code)));
    assertEquals(outcomes.filter((each) => each === "loginSuccess").length, 1, outcomes.join(" "));
    assertEquals(outcomes.filter((each) => each === "invitation-invalid").length, 2, outcomes.join(" "));
  }
  const two = await act(cluster.node(2), "invite --uses 2");
  const three = await Promise.all(nodes.map((node, i) => register(node, `bob${i}`, two)));
  assertEquals(three.filter((each) => each === "loginSuccess").length, 2, three.join(" "));
  console.log(`${rounds} invitations asked for at 3 nodes each, one with 2 uses`);
  await cluster.settled();
  const { state } = await cluster.sameLogs();
  assertEquals(state.directory.size, rounds + 2);
});

processTest(
  "Nodes that cannot talk let two people in with one invitation, and say so afterwards",
  async () => {
    await using cluster = await ClusterProcesses.start(INVITED);
    const [one, two] = [cluster.node(1), cluster.node(2)];
    const code = await act(one, "invite");
    await cluster.settled();
    for (const wire of cluster.wiresOf(one)) wire.cut();
    assertEquals([await register(one, "ann", code), await register(two, "bob", code)], [
      "loginSuccess",
      "loginSuccess",
    ]);
    cluster.heal();
    await cluster.settled();
    assertEquals([await usesAt(one), await usesAt(two)], [[2, "used"], [2, "used"]]);
    assertMatch(await act(cluster.node(3), "invites"), / used +2 +1 .* used at nodes that could not talk$/);
    const { state } = await cluster.sameLogs();
    assert(state.directory.find("ann") && state.directory.find("bob"), "both accounts live");
  },
);

processTest(
  "A node of the version before keeps invitations, takes part in a use, and needs none",
  async () => {
    await using before = await VersionBefore.unpack();
    const configuration: Record<string, unknown> = {};
    await using cluster = await ClusterProcesses.start({ program: before.serverCommand(), configuration });
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    Object.assign(configuration, INVITED.configuration);
    for (const node of [one, two]) {
      await node.end();
      node.program = serverCommand("--unproven-peers");
      await node.start();
      await cluster.settled();
    }
    const code = await act(one, "invite");
    const both = await Promise.all([register(one, "ann", code), register(two, "bob", code)]);
    assertEquals(both.toSorted(), ["invitation-invalid", "loginSuccess"]);
    await using cat = await three.login("cat");
    assert(cat, "an older node registers everybody");

    // Only the older node can fill it.
    await one.end();
    await two.end();
    await two.wipe();
    await two.start();
    await eventually("node2 knows the invitation again", async () => {
      const { stdout } = await runProgram("invites", "--json", `--data=${two.data}`);
      return stdout.includes('"state":"used"');
    });
    assertEquals(await register(two, "dan", code), "invitation-invalid");

    await three.end();
    three.program = serverCommand("--unproven-peers");
    await three.start();
    assertStringIncludes(await act(three, "invites"), " used ");
  },
);
