import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import bcrypt from "bcryptjs";
import { freePort } from "../testing/free_port.ts";
import { DEFAULT_PORT, DEFAULT_WEB_PORT, networkTest } from "../testing/own_network.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { messageLine, runProgramIn } from "./commands_harness.ts";

/** An empty folder to run commands in. `await using` removes it. */
class EmptyFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async make(): Promise<EmptyFolder> {
    return new EmptyFolder(await Deno.makeTempDir({ prefix: "chat-without-file-test-" }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** Names of the files in a folder. */
async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
}

/** A configuration of the built-in node1 and of node2, which does not run. */
function configurationOfTwo(): string {
  const nodes = [
    { name: "node1", tcp: { host: "127.0.0.1", port: DEFAULT_PORT }, grpc: { port: freePort() } },
    { name: "node2", tcp: { host: "127.0.0.1", port: freePort() }, grpc: { port: freePort() } },
  ];
  return JSON.stringify({ cluster: "chat-cluster-1", nodes });
}

/** Sends SIGHUP; returns the diagnostics of the reload. */
async function reloaded(server: ServerProcess): Promise<string> {
  const from = server.stderr.length;
  server.child.kill("SIGHUP");
  const isOver = (): boolean =>
    /"event":"reloaded"|"event":"notReloaded".*"next"/.test(server.stderr.slice(from));
  await server.waitFor(isOver);
  return server.stderr.slice(from);
}

processTest("run without a file starts node1 on its own, says so, and goes on with its data", async () => {
  await using server = await ServerProcess.start({ unconfigured: true });
  const said = (counts: string): string =>
    "there is no cluster_config.json here, so this is node1 on its own\n" +
    `node1 listens on 127.0.0.1:${server.port}\nits data is in data/node1 (${counts})\n`;
  assertEquals(server.stdout, said("0 accounts, 0 messages"));
  await using alice = await TestClient.login(server.port, "alice");
  await alice.expect("sendMessage", { to: "alice", content: "note" }, "sent");
  assertEquals((await server.stop()).code, 0);
  assertEquals(await namesIn(server.folder), ["data"]);

  await using again = await ServerProcess.start({
    data: server.data,
    configuration: { cluster: "chat-cluster-1" },
  });
  assertStringIncludes(again.stdout, "(1 account, 1 message)");
});

processTest("run without a file refuses every node but node1, and leaves nothing behind", async () => {
  await using folder = await EmptyFolder.make();
  assertEquals(await runProgramIn(folder.path, "--node=node2"), {
    status: 2,
    stdout: "",
    stderr:
      "chat-server: there is no cluster_config.json here, and the built-in configuration has node1 only; " +
      "for node2, write that file here, or name one with --config FILE\n",
  });
  assertEquals(await namesIn(folder.path), []);
});

processTest("a file that is there and cannot be used is never passed over", async () => {
  await using folder = await EmptyFolder.make();
  const file = `${folder.path}/cluster_config.json`;
  const cases: readonly (readonly [() => Promise<void>, string])[] = [
    [() => Deno.writeTextFile(file, ""), "line 1, column 1: a value was expected"],
    [() => Deno.writeTextFile(file, "{"), "line 1, column 2: a key in double quotation marks"],
    [() => Deno.mkdir(file), "the file cannot be read"],
    [() => Deno.symlink("elsewhere.json", file), "the file does not exist"],
  ];
  for (const [make, problem] of cases) {
    await make();
    for (const command of ["run", "check", "import", "status"]) {
      const operands = command === "import" ? ["user_accounts.json"] : [];
      const { status, stdout, stderr } = await runProgramIn(folder.path, command, ...operands);
      assertEquals([status, stdout], [2, ""], `${command}: ${stderr}`);
      assertStringIncludes(stderr, "cluster_config.json");
      assertStringIncludes(stderr, problem);
    }
    await Deno.remove(file);
  }
  assertEquals(await namesIn(folder.path), []);
  console.log(`${cases.length} files refused by 4 commands`);
});

processTest("check without a file shows what a start would use", async () => {
  await using folder = await EmptyFolder.make();
  const { status, stdout, stderr } = await runProgramIn(folder.path, "check");
  assertEquals([status, stderr], [0, ""]);
  const [first = "", ...others] = stdout.split("\n");
  assertMatch(first, /^there is no cluster_config\.json here, /);
  assertEquals(others, [
    `  node1  clients 127.0.0.1:${DEFAULT_PORT}  page http://127.0.0.1:${DEFAULT_WEB_PORT}/`,
    "",
  ]);
});

processTest("import without a file goes to node1, and status asks node1", async () => {
  await using folder = await EmptyFolder.make();
  const accounts = { ada: bcrypt.hashSync("pw", 4), bob: bcrypt.hashSync("pw", 4) };
  await Deno.writeTextFile(`${folder.path}/user_accounts.json`, JSON.stringify(accounts));
  await Deno.writeTextFile(`${folder.path}/node1.json`, messageLine(0));
  const imported = await runProgramIn(folder.path, "import", "user_accounts.json", "node1.json");
  assertEquals([imported.status, imported.stderr], [0, ""]);
  assertStringIncludes(imported.stdout, "data/node1 has been changed");
  const elsewhere = await runProgramIn(folder.path, "import", "--node=node2", "node1.json");
  assertEquals([elsewhere.status, elsewhere.stdout], [2, ""]);
  assertStringIncludes(elsewhere.stderr, "has node1 only");
  for (const [flags, data] of [[[], "data/node1"], [["--node=node2"], "data/node2"]] as const) {
    const { status, stderr } = await runProgramIn(folder.path, "status", ...flags);
    assertEquals(status, 1);
    assertStringIncludes(stderr, `no node runs on the data folder ${data}.`);
  }
});

processTest("init without a file refuses, with a file to begin with", async () => {
  await using folder = await EmptyFolder.make();
  const { status, stdout, stderr } = await runProgramIn(folder.path, "init");
  assertEquals([status, stdout], [2, ""]);
  assertStringIncludes(stderr, "cluster_config.json does not exist");
  assertStringIncludes(stderr, '"certificates": "certificates"');
  assertEquals(await namesIn(folder.path), []);
});

await networkTest(
  "SIGHUP takes over a file that has appeared, and holds on to it when it vanishes",
  async (network) => {
    // With its first peers it listens for them on the default port.
    await using server = await ServerProcess.start({ unconfigured: true, wrapper: network.entry });
    const file = `${server.folder}/cluster_config.json`;
    assertStringIncludes(await reloaded(server), '"unchanged":"there is still no cluster_config.json"');
    await Deno.writeTextFile(file, "{");
    assertStringIncludes(await reloaded(server), "line 1, column 2");
    await Deno.remove(file);
    assertStringIncludes(await reloaded(server), '"event":"reloaded"');
    await Deno.writeTextFile(file, configurationOfTwo());
    assertStringIncludes(await reloaded(server), '"peers":"node2"');
    await using alice = await TestClient.login(0, "alice", undefined, await network.connect(server.port));
    const { nodes } = await alice.expect("sendMessage", { to: "alice", content: "note" }, "sent");
    assertEquals(nodes, 2);
    await Deno.remove(file);
    const gone = await reloaded(server);
    assertStringIncludes(gone, "the file does not exist");
    assert(!gone.includes('"event":"reloaded"'), gone);
    assertEquals((await alice.expect("sendMessage", { to: "alice", content: "note" }, "sent")).nodes, 2);
  },
);

processTest("SIGHUP leaves no node alone whose file has vanished", async () => {
  const port = freePort();
  const node2 = { name: "node2", tcp: { host: "127.0.0.1", port: freePort() }, grpc: { port } };
  const configuration = { cluster: "chat-cluster-1" };
  await using server = await ServerProcess.start({ configuration, others: [node2] });
  await Deno.remove(`${server.folder}/cluster_config.json`);
  const said = await reloaded(server);
  assertStringIncludes(said, "the file does not exist");
  assert(!said.includes('"event":"reloaded"'), said);
});
