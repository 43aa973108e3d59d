import { assert, assertEquals, assertGreater, assertMatch, assertStringIncludes } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { CommandFolder, type Ending, messageLines, runProgram } from "./commands_harness.ts";

const HASH = `$2b$04$${"a".repeat(53)}`;
const ACCOUNTS = `${JSON.stringify({ ada: HASH, bob: HASH })}\n`;

/** A folder with a log of two accounts and `messages` messages, shut down in order. */
async function folderWithLog(messages = 5): Promise<CommandFolder> {
  const folder = await CommandFolder.make();
  const { status, stderr } = await folder.import(
    await folder.write("node1.json", ACCOUNTS + messageLines(messages)),
  );
  assertEquals([status, stderr], [0, ""]);
  return folder;
}

/** Runs a command about the backup of a folder's node. */
function run(folder: CommandFolder, word: string, ...args: readonly string[]): Promise<Ending> {
  return runProgram(word, `--config=${folder.path}/config.json`, `--data=${folder.data}`, ...args);
}

function copiedBytes({ stdout }: Ending): number {
  return Number(/copied and verified: (\d+) bytes/.exec(stdout)?.[1]);
}

/** The state of a log, as `log verify` says it. */
async function stateOf(data: string): Promise<string> {
  const { status, stdout, stderr } = await runProgram("log", "verify", `--data=${data}`);
  assertEquals([status, stderr], [0, ""]);
  return /\nstate ([0-9a-f]{64})\n$/.exec(stdout)?.[1] ?? "none";
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

/** Writes a configuration of one node; returns its path. */
function configured(
  folder: CommandFolder,
  cluster: string,
  node: string,
  peerPort?: number,
): Promise<string> {
  const tcp = { host: "127.0.0.1", port: 7_000 };
  const peer = { name: "other", tcp: { host: "127.0.0.1", port: 7_001 }, grpc: { port: peerPort } };
  const own = { name: node, tcp, grpc: { port: 7_100 } };
  const nodes = peerPort === undefined ? [own] : [own, peer];
  return folder.write(`${cluster}-${node}.json`, JSON.stringify({ cluster, nodes }));
}

processTest(
  "backup and restore bring a stopped node back, and a second backup copies what is new",
  async () => {
    await using folder = await folderWithLog();
    const place = `${folder.path}/backups/of node1`;
    const first = await run(folder, "backup", place);
    assertEquals([first.status, first.stderr], [0, ""]);
    assertStringIncludes(first.stdout, "backup 1 of node1 of the cluster test, ");
    assertStringIncludes(
      first.stdout,
      "People who delete something from now on delete it from the node, not from",
    );
    assertEquals(copiedBytes(first), (await Deno.stat(folder.segment)).size);
    assertEquals(copiedBytes(await run(folder, "backup", place)), 0);
    {
      await using server = await ServerProcess.start({ data: folder.data });
      await using eve = await TestClient.login(server.port, "Eve");
      await eve.expect("sendMessage", { to: "ada", content: "hi" }, "sent");
      const before = (await Deno.stat(folder.segment)).size;
      const third = await run(folder, "backup", place);
      assertEquals([third.status, third.stderr], [0, ""]);
      assert(copiedBytes(third) <= before - copiedBytes(first) + 1_000, third.stdout);
      assertEquals((await server.stop()).code, 0);
    }
    const last = await run(folder, "backup", place);
    assertStringIncludes(last.stdout, "backup 4 of node1");
    const verified = await runProgram("backup", "--verify", place);
    assertEquals([verified.status, verified.stderr], [0, ""]);
    assertStringIncludes(verified.stdout, "it is whole");

    const state = await stateOf(folder.data);
    const refused = await run(folder, "restore", place);
    assertEquals([refused.status, refused.stdout], [1, ""]);
    assertMatch(refused.stderr, /nothing was restored into .*: the data folder is not empty \(there is /);
    await Deno.rename(folder.data, `${folder.path}/lost`);
    const restored = await run(folder, "restore", place);
    assertEquals([restored.status, restored.stderr], [0, ""]);
    assertStringIncludes(restored.stdout, "Start node1");
    assertEquals(await stateOf(folder.data), state);
    await folder.write("data/restoring", "");
    const finished = await run(folder, "restore", place);
    assertEquals([finished.status, finished.stderr], [0, ""]);
    assertStringIncludes(finished.stdout, "an interrupted restore was only to be finished");
    assertEquals((await namesIn(folder.data)).includes("restoring"), false);
    await using server = await ServerProcess.start({ data: folder.data });
    assertStringIncludes(server.stdout, "(3 accounts, 6 messages)");
  },
);

processTest("backup has nothing that a restore must not have, and nobody else can read it", async () => {
  await using folder = await folderWithLog();
  const place = `${folder.path}/backup`;
  await using server = await ServerProcess.start({ data: folder.data });
  assertEquals((await run(folder, "backup", place)).status, 0);
  assertEquals(server.isOver, false);
  const names = await namesIn(place);
  assertEquals(names, ["lock", "manifest.json", "segments"]);
  const modes = [place, `${place}/manifest.json`, `${place}/segments`, `${place}/segments/00000001-1.jsonl`]
    .map((path) => (Deno.statSync(path).mode ?? 0) & 0o777);
  assertEquals(modes, [0o700, 0o600, 0o700, 0o600]);
});

processTest("backup refuses places that are none, each with its way out", async () => {
  await using folder = await folderWithLog();
  const file = await folder.write("a file", "");
  await Deno.mkdir(`${folder.path}/full`);
  await folder.write("full/letter", "");
  await Deno.symlink(folder.data, `${folder.path}/link`);
  const place = `${folder.path}/backup`;
  assertEquals((await run(folder, "backup", place)).status, 0);
  const other = await configured(folder, "other", "node1");
  const cases: [Promise<Ending>, string][] = [
    [run(folder, "backup", folder.data), `it is in the data folder ${folder.data}`],
    [run(folder, "backup", `${folder.path}/link/deep/er`), "with which it would be lost: name one elsewhere"],
    [run(folder, "backup", file), "it is no folder; name one"],
    [run(folder, "backup", `${folder.path}/full`), "is not empty (there is letter): name an empty folder"],
    [
      runProgram("backup", `--config=${other}`, `--data=${folder.data}`, place),
      "it has backups of node1 of the cluster test, and this is node1 of other: give every node a folder of its own",
    ],
    [
      runProgram(
        "backup",
        `--config=${await configured(folder, "test", "node7")}`,
        `--data=${folder.data}`,
        place,
      ),
      "the log is of node1, not of node7: name the node with --node node1",
    ],
    [run(folder, "backup", "--verify", `${folder.path}/nowhere`), "there is no such folder"],
    [run(folder, "backup", "--verify", `${folder.path}/full`), "it has no manifest.json, so it is no backup"],
  ];
  for (const [ending, message] of cases) {
    const { status, stdout, stderr } = await ending;
    assertEquals([status, stdout], [1, ""], message);
    assertStringIncludes(stderr, message);
  }
  assertEquals((await run(folder, "backup")).status, 2);
  console.log(`${cases.length} places refused`);
});

processTest(
  "restore refuses a damaged backup with file, line and byte, and begins no data folder",
  async () => {
    await using folder = await folderWithLog();
    const place = `${folder.path}/backup`;
    assertEquals((await run(folder, "backup", place)).status, 0);
    await Deno.rename(folder.data, `${folder.path}/lost`);
    const file = `${place}/segments/00000001-1.jsonl`;
    const text = await Deno.readTextFile(file);
    const at = text.indexOf("\n", text.indexOf("\n") + 1) + 1;
    await Deno.writeTextFile(file, `${text.slice(0, at + 40)}~${text.slice(at + 41)}`);
    for (
      const ending of [await run(folder, "restore", place), await run(folder, "backup", "--verify", place)]
    ) {
      assertEquals([ending.status, ending.stdout], [1, ""]);
      assertStringIncludes(
        ending.stderr,
        `segments/00000001-1.jsonl, line 3 (byte ${at}) is damaged: its checksum is `,
      );
    }
    assertEquals((await namesIn(folder.path)).includes("data"), false);
  },
);

processTest(
  "restore --until is for a stopped cluster under a new name only, and ends at the time",
  async () => {
    await using folder = await folderWithLog(3);
    const place = `${folder.path}/backup`;
    let until = "";
    {
      await using server = await ServerProcess.start({ data: folder.data });
      await using eve = await TestClient.login(server.port, "Eve");
      await eve.expect("sendMessage", { to: "ada", content: "before" }, "sent");
      await new Promise((resolve) => setTimeout(resolve, 20));
      until = new Date().toISOString();
      await new Promise((resolve) => setTimeout(resolve, 20));
      await eve.expect("sendMessage", { to: "ada", content: "after" }, "sent");
      assertEquals((await run(folder, "backup", place)).status, 0);
    }
    await Deno.rename(folder.data, `${folder.path}/lost`);
    const restoreAs = (config: string, ...flags: readonly string[]) =>
      runProgram("restore", `--config=${config}`, `--data=${folder.data}`, ...flags, place);
    const same = await restoreAs(`${folder.path}/config.json`, `--until=${until}`);
    assertEquals(same.status, 1);
    assertStringIncludes(same.stderr, "stop all nodes, give the cluster another name in the configuration");
    const renamed = await configured(folder, "second", "node1");
    const whole = await restoreAs(renamed);
    assertStringIncludes(
      whole.stderr,
      "it is a backup of the cluster test, and the configuration is of second",
    );
    using running = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = running.addr as Deno.NetAddr;
    const early = await restoreAs(await configured(folder, "third", "node1", port), `--until=${until}`);
    assertStringIncludes(early.stderr, `something answers at 127.0.0.1:${port}, the address of other`);
    const tooEarly = await restoreAs(renamed, "--until=2020-01-01T00:00:00Z");
    assertStringIncludes(tooEarly.stderr, "the first entry in the backup is later than that time");
    const wrong = await restoreAs(renamed, "--until=yesterday");
    assertEquals([wrong.status, wrong.stderr.includes("is not a time with its zone")], [2, true]);
    const done = await restoreAs(renamed, `--until=${until}`);
    assertEquals([done.status, done.stderr], [0, ""]);
    const cut =
      /\nleft out: everything from batch \d+ on, because its entry \d+ of node1#\w{12} is of (\S+)\n/;
    assertGreater(cut.exec(done.stdout)?.[1] ?? "", until);
    await using server = await ServerProcess.start({
      data: folder.data,
      configuration: { cluster: "second" },
    });
    await using eve = await TestClient.login(server.port, "Eve");
    const { messages } = await eve.expect("listMessages", { with: "ada" }, "messages");
    assertEquals(messages.map(({ content }) => content), ["before"]);
  },
);
