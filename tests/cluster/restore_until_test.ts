import { assertEquals, assertStringIncludes } from "@std/assert";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { freePort } from "../testing/free_port.ts";
import { processTest } from "../testing/permissions.ts";
import { serverCommand } from "../testing/server_process.ts";

/** Time between the last message that is wanted, the time, and the first that is not; ms. */
const APART_MS = 50;

const CONTENTS = ["one", "two", "three", "four"];

/** A configuration whose other nodes are not there. */
function configuration(cluster: string): string {
  const nodes = ["node1", "node2", "node3"].map((name) => ({
    name,
    tcp: { host: "127.0.0.1", port: freePort() },
    grpc: { port: freePort() },
  }));
  return JSON.stringify({ cluster, nodes });
}

async function command(...args: readonly string[]): Promise<string> {
  const [program = "", ...words] = serverCommand(...args);
  const { code, stdout, stderr } = await new Deno.Command(program, { args: words }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  return new TextDecoder().decode(stdout);
}

processTest("a cluster goes back to a time under another name, and all nodes have the same", async () => {
  const folder = await Deno.makeTempDir({ prefix: "chat-restore-test-" });
  try {
    for (const name of ["test", "second"]) await Deno.writeTextFile(`${folder}/${name}`, configuration(name));
    const until = await backedUp(folder);
    await using cluster = await ClusterProcesses.make({ configuration: { cluster: "second" } });
    const node = cluster.node(1);
    const flags = [`--config=${folder}/second`, `--data=${node.data}`, `--until=${until}`];
    const said = await command("restore", ...flags, `${folder}/backup`);
    assertStringIncludes(said, "when it listens, start node2, node3 with empty data folders");
    await node.start();
    await Promise.all(cluster.nodes.slice(1).map((other) => other.start()));
    await cluster.settled();
    for (const each of cluster.nodes) {
      await using ada = await each.login("ada");
      const { messages } = await ada.expect("listMessages", { with: "ada" }, "messages");
      assertEquals(messages.map(({ content }) => content), CONTENTS.slice(0, 2), each.name);
    }
    const { entries } = await cluster.sameLogs();
    console.log(
      `${entries} entries in each log; ${said.split("\n")[0]?.replace(/^.*: restored/, "restored")}`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Backs up a cluster that has sent all messages; returns a time behind the second one. */
async function backedUp(folder: string): Promise<string> {
  await using cluster = await ClusterProcesses.start();
  let until = "";
  for (const [index, content] of CONTENTS.entries()) {
    await using ada = await cluster.node(1 + index % 3).login("ada");
    await ada.expect("sendMessage", { to: "ada", content }, "sent");
    await new Promise((resolve) => setTimeout(resolve, APART_MS));
    if (index === 1) until = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, APART_MS));
  }
  await cluster.settled();
  await command("backup", `--config=${folder}/test`, `--data=${cluster.node(1).data}`, `${folder}/backup`);
  return until;
}
