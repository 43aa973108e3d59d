/**
 * The executables in and from other folders; executables_test.ts runs the tests.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { PASSWORD } from "../io/client_process.ts";
import type { Executables } from "../testing/executables.ts";
import { freePort } from "../testing/free_port.ts";
import { QUICK, serverCommand, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { runToEnd } from "./run_to_end.ts";
import { namesIn, TemporaryFolder } from "./temporary_folder.ts";
import { executableTest } from "./tested_executables.ts";

/** Modes of a folder and of programs without write permission. */
const READ_ONLY = 0o555;
/** Mode of a folder that only its owner may write to. */
const OWN = 0o755;

/**
 * Gives the current folder to a user without other rights and without a home, and goes on as that user. Only
 * a superuser can do so; any other user has few rights anyway.
 */
const AS_NOBODY = `
if [ "$(id -u)" = 0 ]; then
  chown 65534:65534 .
  set -- setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
fi
exec env -u XDG_CACHE_HOME HOME=/nonexistent "$@"`;

executableTest(
  "chat-server says and does the same as its sources with a configuration from elsewhere",
  async ({ server }) => {
    await using configured = await TemporaryFolder.make();
    const { path } = configured;
    const file = `${path}/cluster_config.json`;
    const nodes = [1, 2, 3].map((number) => ({
      name: `node${number}`,
      tcp: { host: "127.0.0.1", port: freePort() },
      grpc: { port: freePort() },
    }));
    await Deno.writeTextFile(file, JSON.stringify({ cluster: "test", ...QUICK, nodes }));
    for (const config of [file, `../${path.split("/").at(-1)}/cluster_config.json`]) {
      const said: string[] = [];
      for (const program of [[server], serverCommand()]) {
        said.push(await saidByNode2([...program, "--node=node2", `--config=${config}`]));
      }
      const [byExecutable, bySources] = said;
      assertEquals(byExecutable, bySources);
      assertEquals(
        byExecutable,
        `node2 listens on 127.0.0.1:${
          nodes[1]?.tcp.port
        }\nits data is in data/node2 (0 accounts, 0 messages)\n`,
      );
    }
    assertEquals(await namesIn(path), ["cluster_config.json", "cluster_key"]);
  },
);

/** Starts node2 in a folder of its own, talks to it and stops it; returns its announcement. */
async function saidByNode2(words: readonly string[]): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "chat-server-test-" });
  await using running = ServerProcess.spawnIn(folder, `${folder}/data/node2`, words);
  await running.waitFor(() => running.stdout.endsWith(")\n"));
  await using alice = await TestClient.login(running.port, "alice");
  assertEquals((await alice.expect("sendMessage", { to: "alice", content: "note" }, "sent")).copies, 1);
  assertEquals((await running.stop()).code, 0, running.stderr);
  assertEquals(await namesIn(folder), ["data"]);
  assert((await Deno.stat(`${running.data}/log/00000001.jsonl`)).size > 0);
  return running.stdout;
}

executableTest(
  "the executables work where nobody may write, for a user who may do nothing",
  async (executables) => {
    await using installed = await TemporaryFolder.make();
    const { path } = installed;
    const { server, client } = await copiedReadOnly(executables, path);
    try {
      const asNobody = ["sh", "-c", AS_NOBODY, "sh"];
      const options = { program: [server], unconfigured: true, wrapper: asNobody } as const;
      await using running = await ServerProcess.start(options);
      const { folder, port } = running;
      await Deno.writeTextFile(`${folder}/password`, PASSWORD, { mode: 0o644 });
      const flags = ["--server", `127.0.0.1:${port}`, "--user", "bob", "--password-file", "password"];
      const words = [...asNobody, client, "send", "bob", "--register", ...flags];
      const sent = await runToEnd(words, { folder, input: "good morning" });
      // Nobody cannot own the file, so everybody may read it.
      assertEquals(sent.status, 0, sent.stderr);
      assertMatch(sent.stderr, /^chat-client: warning: password holds a secret [^\n]*\n$/);
      assertEquals((await running.stop()).code, 0, running.stderr);
      assertEquals(await namesIn(folder), ["data", "password"]);
      assertEquals(await namesIn(path), ["chat-client", "chat-server"]);
    } finally {
      await Deno.chmod(path, OWN);
    }
  },
);

/** Puts the executables into a folder, which then becomes read-only. */
async function copiedReadOnly({ server, client }: Executables, folder: string): Promise<Executables> {
  const copies = { server: `${folder}/chat-server`, client: `${folder}/chat-client` };
  await Deno.copyFile(server, copies.server);
  await Deno.copyFile(client, copies.client);
  for (const path of [copies.server, copies.client, folder]) await Deno.chmod(path, READ_ONLY);
  return copies;
}
