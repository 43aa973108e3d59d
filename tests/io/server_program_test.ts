import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { VERSION } from "../../common/version.ts";
import { processTest } from "../testing/permissions.ts";
import { freePort } from "../testing/free_port.ts";
import { QUICK, SERVER_PERMISSIONS, serverCommand, ServerProcess } from "../testing/server_process.ts";

/** Exit status for an invalid command line or configuration. */
const USAGE_STATUS = 2;

/** Exit status and output of a program. */
interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the server program to its end. */
async function runProgram(...flags: readonly string[]): Promise<Outcome> {
  const main = new URL("../../server/main.ts", import.meta.url).pathname;
  const args = ["run", "--no-prompt", ...SERVER_PERMISSIONS, main, ...flags];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs the server program with a configuration of this text. */
async function runWith(text: string, ...flags: readonly string[]): Promise<Outcome> {
  const folder = await Deno.makeTempDir({ prefix: "chat-server-test-" });
  try {
    await Deno.writeTextFile(`${folder}/cluster_config.json`, text);
    return await runProgram(`--config=${folder}/cluster_config.json`, `--data=${folder}/data`, ...flags);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const NODES = [1, 2].map((number) => ({
  name: `node${number}`,
  tcp: { host: "127.0.0.1", port: 7_000 + number },
  grpc: { port: 7_100 + number },
}));
const GOOD = JSON.stringify({ cluster: "test", nodes: NODES }, undefined, 2);

function assertRefused(outcome: Outcome, ...parts: readonly string[]): void {
  for (const part of parts) assertStringIncludes(outcome.stderr, part);
  assertEquals({ code: outcome.code, stdout: outcome.stdout }, { code: USAGE_STATUS, stdout: "" });
}

processTest("main.ts tells who asks for help or its version", async () => {
  const help = await runProgram("--help");
  assertEquals({ code: help.code, stderr: help.stderr }, { code: 0, stderr: "" });
  for (const word of ["Usage:", "run", "check"]) assertStringIncludes(help.stdout, word);
  const ofRun = await runProgram("run", "--help");
  for (const flag of ["--config", "--data", "--port"]) assertStringIncludes(ofRun.stdout, flag);
  const version = await runProgram("--version");
  assertEquals({ code: version.code, stderr: version.stderr }, { code: 0, stderr: "" });
  assertStringIncludes(version.stdout, VERSION);
});

processTest("main.ts refuses a command line that it does not understand", async () => {
  assertRefused(await runProgram("--prot=7000"), "--prot", "--port", "--help");
  assertRefused(await runProgram("chekc"), "chekc", "check");
  assertRefused(await runProgram("--port=70000"), "--port", "70000", "65535");
});

processTest("main.ts refuses a configuration that it cannot use", async () => {
  const missing = `/tmp/${crypto.randomUUID()}/cluster_config.json`;
  assertRefused(
    await runProgram(`--config=${missing}`),
    missing,
    "does not exist",
    "leave --config out",
    "built-in",
  );
  assertRefused(await runWith(GOOD.replace('"nodes":', '"nodes"')), "line 3, column 11", "a colon");
  assertRefused(await runWith(GOOD, "--node=node7"), '"node7"', "node1, node2");
  assertRefused(
    await runWith(GOOD.replace("7002", "7001")),
    "nodes[1].tcp.port is 7001",
    "nodes[0].tcp.port",
  );
  assertRefused(
    await runWith(GOOD.replace('"test"', '"test", "limits": {"frameByte": 1}')),
    "frameByte",
    "frameBytes",
  );
});

processTest("main.ts does not listen beyond this machine without TLS, unless it is told to", async () => {
  const node = { tcp: { host: "0.0.0.0", port: 7_000 } };
  await using refused = await ServerProcess.spawn({ node });
  assertEquals(await refused.ended(), USAGE_STATUS);
  assertEquals(refused.stdout, "");
  for (const part of ["0.0.0.0", "without TLS", '"insecure": true', "--insecure"]) {
    assertStringIncludes(refused.stderr, part);
  }
  await using byFlag = await ServerProcess.start({ node, flags: ["--insecure"] });
  assertMatch(byFlag.stdout, /listens on 0\.0\.0\.0:\d+/);
  await using byMember = await ServerProcess.start({ node: { ...node, insecure: true } });
  assertMatch(byMember.stdout, /listens on 0\.0\.0\.0:\d+/);
});

processTest("ServerProcess says in two lines where it listens and where its data is", async () => {
  await using server = await ServerProcess.start();
  assertEquals(
    server.stdout,
    `node1 listens on 127.0.0.1:${server.port}\nits data is in ${server.data} (0 accounts, 0 messages)\n`,
  );
  assert(server.port > 0);
  assertEquals((await server.stop()).code, 0);
  assertEquals(server.stdout.split("\n").length, 3);
});

processTest("main.ts says which node it starts where nobody has said it", async () => {
  const folder = await Deno.makeTempDir({ prefix: "chat-server-test-" });
  const file = `${folder}/cluster_config.json`;
  const nodes = ["a", "b"].map((name) => ({
    name,
    tcp: { host: "127.0.0.1", port: freePort() },
    grpc: { port: freePort() },
  }));
  await Deno.writeTextFile(file, JSON.stringify({ cluster: "test", ...QUICK, nodes }));
  await using server = ServerProcess.spawnIn(folder, `${folder}/data/a`, [
    ...serverCommand(`--config=${file}`),
  ]);
  await server.waitFor(() => server.stdout.endsWith(")\n"));
  const [first = "", second = ""] = server.stdout.split("\n");
  assertEquals(first, `no --node is given, so this is a, the first one of ${file}`);
  assertStringIncludes(second, "a listens on 127.0.0.1:");
});

processTest(
  "main.ts says of an address that is no address of this machine which node may be meant",
  async () => {
    const elsewhere = { host: "192.0.2.1", port: 7_000 };
    await using clients = await ServerProcess.spawn({ node: { tcp: elsewhere, insecure: true } });
    assertEquals(await clients.ended(), 1);
    const problem =
      "which is no address of this machine: if another node is meant, name it with --node NAME\n";
    assertStringIncludes(clients.stderr, `cannot listen on 192.0.2.1 port 0, ${problem}`);
  },
);
