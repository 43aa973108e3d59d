import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runProgram } from "../io/commands_harness.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { serverCommand } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { VersionBefore } from "../testing/version_before.ts";

async function act(node: ClusterNode, line: string): Promise<string> {
  const { status, stdout, stderr } = await runProgram(...line.split(" "), `--data=${node.data}`);
  assertEquals([status, stderr], [0, ""], line);
  return stdout;
}

/** Code of the reply to a RESUME. */
async function resumed(node: ClusterNode, token: string): Promise<string> {
  await using client = await TestClient.connect(node.port);
  const reply = await client.ask("resume", { token });
  return reply.name === "error" ? reply.payload.code : reply.name;
}

async function lastWord(client: TestClient): Promise<string> {
  const reply = await client.reply();
  await client.closed;
  return reply.name === "error" ? reply.payload.code : reply.name;
}

processTest(
  "An account that is disabled at one node is kept out at all, also by those that were cut off",
  async () => {
    await using cluster = await ClusterProcesses.start();
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    await using ann = await two.login("ann");
    const { token } = await ann.expect("startLogin", { name: "ann" }, "userExisting").then(() =>
      ann.expect("finishLogin", { password: "password of ann" }, "loginSuccess")
    );
    await eventually("node3 knows the token", async () => await resumed(three, token) === "loginSuccess");

    await three.end();
    assertStringIncludes(
      await act(one, "users disable ann"),
      "on the disks of 2 of 3 nodes. The others learn of it",
    );
    assertEquals(await lastWord(ann), "disabled");
    assertEquals(await resumed(two, token), "disabled");
    await three.start();
    await cluster.settled();
    assertEquals(await resumed(three, token), "disabled");

    assertStringIncludes(await act(two, "users enable ann"), "ann is enabled; on the disks of 3 of 3 nodes");
    for (const node of [one, two, three]) assertEquals(await resumed(node, token), "loginSuccess");

    await using again = await TestClient.connect(three.port);
    await again.expect("resume", { token }, "loginSuccess");
    await act(one, "sessions end ann");
    assertEquals(await lastWord(again), "not-logged-in");
    const { state } = await cluster.sameLogs();
    assert(state.directory.find("ann")?.isDisabled === false);
  },
);

processTest(
  "A node of the version before keeps and passes on that an account is disabled, and lets people in",
  async () => {
    await using before = await VersionBefore.unpack();
    await using cluster = await ClusterProcesses.start({ program: before.serverCommand() });
    const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
    for (const node of [one, two]) {
      await node.end();
      node.program = serverCommand("--unproven-peers");
      await node.start();
      await cluster.settled();
    }
    await using ann = await one.login("ann");
    const { token } = await ann.expect("startLogin", { name: "ann" }, "userExisting").then(() =>
      ann.expect("finishLogin", { password: "password of ann" }, "loginSuccess")
    );
    assertStringIncludes(await act(one, "users disable ann"), "on the disks of 3 of 3 nodes");
    assertEquals([await resumed(two, token), await resumed(three, token)], ["disabled", "loginSuccess"]);

    // Only the older node can fill it.
    await one.end();
    await two.end();
    await two.wipe();
    await two.start();
    await eventually("node2 knows the account again", async () => await resumed(two, token) === "disabled");

    await three.end();
    three.program = serverCommand("--unproven-peers");
    await three.start();
    assertEquals(await resumed(three, token), "disabled");
  },
);
