/**
 * The files that the executables write; executables_test.ts runs the tests.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { PASSWORD } from "../io/client_process.ts";
import { whyNoStrace } from "../testing/failing_calls.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { runToEnd } from "./run_to_end.ts";
import { namesIn, TemporaryFolder } from "./temporary_folder.ts";
import { executableTest } from "./tested_executables.ts";
import { changedPaths, straceOfFiles } from "./traced_files.ts";

/** Devices are no files: bytes written to them are not stored. */
const DEVICES = "/dev/";

const noStrace = await whyNoStrace();

executableTest("the trace shows whatever a program writes", async () => {
  await using folder = await TemporaryFolder.make();
  await using records = await TemporaryFolder.make();
  const record = `${records.path}/calls`;
  const script = "mkdir a && echo x > a/b && mv a/b c && ln c d && rm d && cat c && (cd a && : > e)";
  const { status } = await runToEnd([...straceOfFiles(record), "sh", "-c", script], { folder: folder.path });
  assertEquals(status, 0);
  const seen = changedPaths(await Deno.readTextFile(record), folder.path);
  assertEquals(
    seen.filter((path) => !path.startsWith(DEVICES)),
    ["a", "a/b", "a/e", "c", "d"].map((name) => `${folder.path}/${name}`),
  );
}, noStrace);

executableTest("a node writes below its data folder, and a client nothing", async ({ server, client }) => {
  await using records = await TemporaryFolder.make();
  // In an old temporary folder, there may be a cache that was written long ago.
  await using temporary = await TemporaryFolder.make();
  const traced = (name: string): readonly string[] => [
    ...straceOfFiles(`${records.path}/${name}`),
    ...withPlaces(temporary.path, temporary.path),
  ];
  await using running = await ServerProcess.start({
    program: [server],
    unconfigured: true,
    wrapper: traced("server"),
  });
  const { folder, data } = running;
  await sendTwice(running, [...traced("client"), client]);
  assertEquals((await running.stop()).code, 0, running.stderr);

  const [byServer = [], byClient] = await Promise.all(["server", "client"].map(async (name) => {
    const changed = changedPaths(await Deno.readTextFile(`${records.path}/${name}`), folder);
    return changed.filter((path) => !path.startsWith(DEVICES));
  }));
  const within = byServer.filter((path) => path === `${folder}/data` || `${path}/`.startsWith(`${data}/`));
  assertEquals(byServer, within);
  assert(within.includes(`${data}/log/00000001.jsonl`), "the trace shows the log");
  assertEquals(byClient, []);
  console.log(`${within.length} paths changed, all of them below the data folder`);
}, noStrace);

executableTest("temporary folder and home of a node and a client stay empty", async ({ server, client }) => {
  await using temporary = await TemporaryFolder.make();
  await using home = await TemporaryFolder.make();
  const wrapper = withPlaces(temporary.path, home.path);
  await using running = await ServerProcess.start({ program: [server], unconfigured: true, wrapper });
  await sendTwice(running, [...wrapper, client]);
  assertEquals((await running.stop()).code, 0, running.stderr);
  for (const { path } of [temporary, home]) assertEquals(await namesIn(path), []);
  assertEquals(await namesIn(running.folder), ["data", "password"]);
});

/** The prefix of a command line that gives the program this temporary folder and this home. */
function withPlaces(temporary: string, home: string): readonly string[] {
  const variables = ["TMPDIR", "TMP", "TEMP"].map((name) => `${name}=${temporary}`);
  return ["env", "-u", "DENO_DIR", "-u", "XDG_CACHE_HOME", `HOME=${home}`, ...variables];
}

/** A message of a test client, and one of the executable client. */
async function sendTwice({ folder, port }: ServerProcess, client: readonly string[]): Promise<void> {
  await using alice = await TestClient.login(port, "alice");
  await alice.expect("sendMessage", { to: "alice", content: "note" }, "sent");
  await Deno.writeTextFile(`${folder}/password`, PASSWORD, { mode: 0o600 });
  const flags = ["--server", `127.0.0.1:${port}`, "--user", "bob", "--password-file", `${folder}/password`];
  const words = [...client, "send", "alice", "--register", ...flags];
  const { status, stderr } = await runToEnd(words, { folder, input: "good morning" });
  assertEquals([status, stderr], [0, ""]);
  const { messages } = await alice.expect("listMessages", { with: "bob", limit: 5 }, "messages");
  assertEquals(messages.length, 1);
}
