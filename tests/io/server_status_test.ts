import { assertEquals, assertStringIncludes } from "@std/assert";
import { VERSION } from "../../common/version.ts";
import { pathExists } from "../testing/path_exists.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { PASSWORD, runClient } from "./client_process.ts";
import { type Ending, runProgram } from "./commands_harness.ts";

function statusOf(server: ServerProcess, ...flags: readonly string[]): Promise<Ending> {
  return runProgram("status", `--data=${server.data}`, ...flags);
}

processTest("status tells a node that runs from one that is frozen, killed or stopped", async () => {
  await using server = await ServerProcess.start();
  const { status, stdout } = await statusOf(server, "--json");
  assertEquals(status, 0);
  const { uptimeMs, residentBytes, heap, ...said } = JSON.parse(stdout);
  assertEquals([uptimeMs > 0, residentBytes > 1_048_576], [true, true]);
  assertEquals([heap.usedBytes > 1_048_576, heap.limitBytes > heap.usedBytes], [true, true]);
  assertEquals(said, {
    node: "node1",
    cluster: "test",
    version: VERSION,
    pid: server.child.pid,
    copies: 1,
    nodes: 1,
    readOnly: false,
    filling: null,
    forks: [],
    accounts: 0,
    messages: 0,
    residentMessages: 0,
    sessions: 0,
    entries: 0,
    archive: { position: 0, lag: 0, isBuilding: false },
    verification: { isDone: true, bytes: 0, ofBytes: 0 },
    peers: [],
  });
  server.child.kill("SIGSTOP");
  const frozen = await statusOf(server);
  assertEquals([frozen.status, frozen.stdout], [1, ""]);
  assertStringIncludes(frozen.stderr, "has not answered within 3 s");
  server.child.kill("SIGCONT");
  assertEquals((await statusOf(server)).status, 0);
  await server.kill();
  const killed = await statusOf(server);
  assertEquals([killed.status, killed.stdout], [1, ""]);
  assertStringIncludes(
    killed.stderr,
    "node1 is not running (nothing answers on the socket in its data folder)",
  );
  await using again = await ServerProcess.start({ data: server.data });
  assertEquals((await statusOf(again)).status, 0);
  assertEquals((await again.stop()).code, 0);
  assertEquals(await pathExists(`${server.data}/admin.json`), false);
  const stopped = await statusOf(again);
  assertEquals(stopped.status, 1);
  assertStringIncludes(stopped.stderr, "no node runs on the data folder");
});

processTest("/status of a client says what a message that is stored now can outlive", async () => {
  await using server = await ServerProcess.start();
  const password = `${server.folder}/password`;
  await Deno.writeTextFile(password, PASSWORD, { mode: 0o600 });
  const flags = ["--server", `127.0.0.1:${server.port}`, "--user", "alice", "--password-file", password];
  const guarantee = "a message that is stored now is on one disk, as there is one node: it is lost with it";
  const plain = await runClient("/status\n", "run", "-", "--register", ...flags);
  assertEquals([plain.code, plain.stdout.split("\n").at(-2)], [0, guarantee], plain.stderr);
  const json = await runClient("/status\n", "run", "-", "--json", ...flags);
  assertEquals(JSON.parse(json.stdout.split("\n").at(-2) ?? ""), {
    event: "copies",
    node: "node1",
    copies: 1,
    nodes: 1,
  });
  assertStringIncludes((await statusOf(server)).stdout, `copies    ${guarantee}\n`);
});
