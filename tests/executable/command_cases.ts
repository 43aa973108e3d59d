/**
 * The commands of the executables that end by themselves; executables_test.ts runs the tests.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { VERSION } from "../../common/version.ts";
import { PASSWORD } from "../io/client_process.ts";
import { comparedAt, entriesOf } from "../testing/archive_content.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { runToEnd } from "./run_to_end.ts";
import { namesIn, TemporaryFolder } from "./temporary_folder.ts";
import { executableTest } from "./tested_executables.ts";

executableTest("--version and --help tell what the executables are", async ({ server, client }) => {
  for (const [program, name] of [[server, "chat-server"], [client, "chat-client"]] as const) {
    assertEquals(await runToEnd([program, "--version"]), {
      status: 0,
      stdout: `${name} ${VERSION}\n`,
      stderr: "",
    });
    const help = await runToEnd([program, "--help"]);
    assertEquals([help.status, help.stderr], [0, ""]);
    assertStringIncludes(help.stdout, name);
    assertStringIncludes(help.stdout, "--config");
  }
});

executableTest("a wrong flag is refused, with the one that was meant", async ({ server, client }) => {
  assertEquals(await runToEnd([server, "--prot=7000"]), {
    status: 2,
    stdout: "",
    stderr: "chat-server: there is no flag --prot; did you mean --port?\nSee chat-server run --help\n",
  });
  const refused = await runToEnd([client, "--sever=127.0.0.1:7000"]);
  assertEquals([refused.status, refused.stdout], [1, ""]);
  assertMatch(refused.stderr, /^chat-client: there is no flag --sever.*; did you mean .*server/);
});

executableTest("the archive of a node has what its log has", async ({ server }) => {
  await using running = await ServerProcess.start({ program: [server] });
  const { data, port } = running;
  await using alice = await TestClient.login(port, "alice");
  await alice.expect("sendMessage", { to: "alice", content: "note" }, "sent");
  const compared = await comparedAt(data, (await entriesOf(data)).length);
  assertEquals(compared.rows, 1);
  const { stdout } = await runToEnd([server, "status", `--data=${data}`, "--json"]);
  const { archive, entries } = JSON.parse(stdout);
  assertEquals(archive, { position: entries, lag: 0, isBuilding: false });
});

executableTest("a client sends, and status, log and state speak of it", async ({ server, client }) => {
  await using running = await ServerProcess.start({ program: [server] });
  const { folder, data, port } = running;
  await using alice = await TestClient.login(port, "alice");
  await Deno.writeTextFile(`${folder}/password`, PASSWORD, { mode: 0o600 });
  const flags = ["--server", `127.0.0.1:${port}`, "--user", "bob", "--password-file", `${folder}/password`];
  const sent = await runToEnd([client, "send", "alice", "--register", ...flags], { input: "good morning" });
  assertEquals([sent.status, sent.stderr], [0, ""]);
  const { messages } = await alice.expect("listMessages", { with: "bob", limit: 5 }, "messages");
  assertEquals(messages.map(({ content }) => content), ["good morning"]);

  const status = await runToEnd([server, "status", `--data=${data}`, "--json"]);
  assertEquals([status.status, status.stderr], [0, ""]);
  assertEquals(JSON.parse(status.stdout).messages, 1);
  const verified = await runToEnd([server, "log", "verify", `--data=${data}`]);
  assertEquals([verified.status, verified.stderr], [0, ""]);
  assertMatch(verified.stdout, /[0-9a-f]{64}\n$/);
  const shown = await runToEnd([server, "log", "show", `--data=${data}`, "--type=messageSent", "--json"]);
  assertEquals(JSON.parse(shown.stdout).content, "good morning");

  assertEquals((await running.stop()).code, 0);
  const gone = await runToEnd([server, "status", `--data=${data}`]);
  assertEquals([gone.status, gone.stdout], [1, ""]);
  assertStringIncludes(gone.stderr, "no node runs");
});

executableTest("init makes what a configuration needs, and check looks at it", async ({ server }) => {
  await using folder = await TemporaryFolder.make();
  const { path } = folder;
  const nodes = [1, 2].map((number) => ({
    name: `node${number}`,
    tcp: { host: "127.0.0.1", port: 7_000 + number },
    grpc: { host: `node${number}.example.org`, port: 7_100 + number },
  }));
  const configuration = { cluster: "test", certificates: "certificates", nodes };
  await Deno.writeTextFile(`${path}/cluster_config.json`, JSON.stringify(configuration));
  const refused = await runToEnd([server, "check"], { folder: path });
  assertEquals([refused.status, refused.stdout], [2, ""]);
  assertStringIncludes(refused.stderr, "certificates/ca.pem is missing");

  const made = await runToEnd([server, "init"], { folder: path });
  assertEquals([made.status, made.stderr], [0, ""]);
  const names = ["ca", "node1", "node2"].flatMap((name) => [`${name}.key`, `${name}.pem`]);
  assertEquals(await namesIn(`${path}/certificates`), [".gitignore", ...names]);

  const checked = await runToEnd([server, "check"], { folder: path });
  assertEquals([checked.status, checked.stderr], [0, ""]);
  assertMatch(checked.stdout, /\bnode2\b.*127\.0\.0\.1:7002/);
});
