import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import bcrypt from "bcryptjs";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { SmallDisk, whyNoSmallDisk } from "../testing/small_disk.ts";
import { OriginalTestClient, TestClient } from "../testing/test_client.ts";
import { CommandFolder, messageId, messageLine, messageLines, runProgram } from "./commands_harness.ts";

/** An accounts file of the original server. */
function accountsFile(passwords: Readonly<Record<string, string>>): string {
  const hashes = Object.entries(passwords).map(([name, password]) => [name, bcrypt.hashSync(password, 4)]);
  return JSON.stringify(Object.fromEntries(hashes));
}

const MIB = 1_048_576;

const SHORT_PASSWORD = "pw";
const ACCOUNTS = accountsFile({ ada: SHORT_PASSWORD, bob: "password of bob" });

processTest("import takes over what its people then find on the server", async () => {
  await using folder = await CommandFolder.make();
  const first = await folder.write(
    "node1.json",
    `${messageLine(0)}\n{"operation":"read","ids":["${messageId(0)}"]}\n` +
      `${messageLine(1, { sender: "bob", recipient: "ada" })}\n`,
  );
  const second = await folder.write(
    "node2.json",
    `{"operation":"delete","ids":["${messageId(2)}"]}\n${messageLine(0)}\n${messageLine(2)}\n`,
  );
  const accounts = await folder.write("user_accounts.json", ACCOUNTS);
  const { status, stdout, stderr } = await folder.import(second, first, accounts);
  assertEquals([status, stderr], [0, ""]);
  assertStringIncludes(stdout, "accounts: 2 new, 0 known already, 0 refused");
  assertStringIncludes(stdout, "messages: 3 new, 1 known already, 0 refused");
  assertStringIncludes(stdout, "now read: 1, now deleted: 1");

  await using server = await ServerProcess.start({ data: folder.data });
  await using ada = await OriginalTestClient.login(server.port, "ada", SHORT_PASSWORD);
  const reply = await ada.ask("listMessages", { with: "bob" });
  const fromBob = { sender: "bob", recipient: "ada" };
  const expected = [messageLine(0, { status: "read" }), messageLine(1, fromBob)];
  assertEquals(reply, { name: "messages", payload: expected.map((line) => JSON.parse(line)) });
  await using bob = await TestClient.login(server.port, "bob");
  const page = await bob.expect("listMessages", { with: "ada" }, "messages");
  assertEquals(page.messages.map(({ id }) => id), [messageId(0), messageId(1)]);
  await using stranger = await OriginalTestClient.connect(server.port);
  await stranger.ask("startLogin", { name: "ada" });
  assertEquals((await stranger.ask("finishLogin", { password: "wrong password" })).name, "loginFailed");
  assertEquals((await server.stop()).code, 0);
});

processTest("import changes nothing when it is done again", async () => {
  await using folder = await CommandFolder.make();
  const files = [
    await folder.write("user_accounts.json", ACCOUNTS),
    await folder.write(
      "node1.json",
      `${messageLines(2_500)}{"operation":"delete","ids":["${messageId(7)}"]}`,
    ),
  ];
  assertStringIncludes((await folder.import(...files)).stdout, "messages: 2500 new");
  const entries = (await folder.lines()).filter((line) => line.includes('"seq":'));
  const { status, stdout } = await folder.import(...files);
  assertEquals(status, 0);
  assertStringIncludes(stdout, "messages: 0 new, 2500 known already, 0 refused");
  assertStringIncludes(stdout, "nothing in ");
  assertEquals((await folder.lines()).filter((line) => line.includes('"seq":')), entries);
  assertEquals(entries.length, 2 + 2_500 + 1);
  assertEquals((await folder.log("verify")).status, 0);
});

processTest("import says what it refuses, with file and line, and takes the rest", async () => {
  await using folder = await CommandFolder.make();
  const accounts = await folder.write("user_accounts.json", ACCOUNTS);
  const tooLong = `"${"x".repeat(16 * 1_024 * 1_024)}"`;
  const messages = await folder.write(
    "node1.json",
    [messageLine(0), messageLine(1, { sender: "\u001b[31m" }), tooLong, '{"id":"', messageLine(2)].join("\n"),
  );
  const { status, stdout, stderr } = await folder.import(accounts, messages);
  assertEquals(status, 1);
  assertStringIncludes(stdout, "messages: 2 new, 0 known already, 1 refused");
  assertStringIncludes(stdout, "lines that could not be read: 2");
  assertEquals(stderr.trimEnd().split("\n"), [
    `${messages}, line 2: the sender "\\u001b[31m": there is no such account`,
    `${messages}, line 3: it has 16777218 bytes and the limit for a line is 16777216`,
    `${messages}, line 4: it is no JSON; the line may have been cut off`,
  ]);
});

processTest("import takes over accounts that stand one to a line", async () => {
  await using folder = await CommandFolder.make();
  const file = await folder.write(
    "users",
    JSON.stringify({ ...JSON.parse(ACCOUNTS), "no name": 5 }, null, 4),
  );
  const { status, stdout, stderr } = await folder.import(file);
  assertEquals(status, 1);
  assertStringIncludes(stdout, "accounts: 2 new, 0 known already, 1 refused");
  assertStringIncludes(stderr, `${file}, line 4: the account "no name"`);
});

processTest("import changes nothing where a file is missing, or the node is running", async () => {
  await using folder = await CommandFolder.make();
  const accounts = await folder.write("user_accounts.json", ACCOUNTS);
  const missing = await folder.import(accounts, `${folder.path}/node7.json`);
  assertEquals(missing.status, 1);
  assertStringIncludes(missing.stderr, "node7.json cannot be read, and nothing was imported");
  const isThere = await Deno.stat(folder.data).then(() => true, () => false);
  assert(!isThere, "the data folder was made");

  await using server = await ServerProcess.start({ data: folder.data });
  const locked = await folder.import(accounts);
  assertEquals([locked.status, locked.stdout], [1, ""]);
  assertStringIncludes(locked.stderr, `is in use by node node1 (process ${server.child.pid})`);
});

const noDisk = await whyNoSmallDisk();

Deno.test({
  name: "import goes on where a full disk ended it" + (noDisk === undefined ? "" : ` (ignored: ${noDisk})`),
  ignore: noDisk !== undefined,
  fn: async () => {
    await using folder = await CommandFolder.make();
    // Of the 25,000 messages, which take some 8 MB, there is room for a part only at first.
    const file = await folder.write("node1.json", `${ACCOUNTS}\n${messageLines(25_000)}`);
    await using disk = await SmallDisk.mount(16 * MIB);
    await Deno.writeFile(`${disk.folder}/ballast`, new Uint8Array(10 * MIB));
    const words = ["import", `--config=${folder.path}/config.json`, `--data=${disk.folder}/data`, file];
    const full = await runProgram(...words);
    assertEquals([full.status, full.stdout], [1, ""]);
    assertStringIncludes(full.stderr, "The disk is full. Free space and do the same again");
    assertEquals((await runProgram("log", "verify", `--data=${disk.folder}/data`)).status, 0);
    await disk.free("ballast");
    const { status, stdout } = await runProgram(...words);
    assertEquals(status, 0);
    const [, taken = "", known = ""] = /messages: (\d+) new, (\d+) known/.exec(stdout) ?? [];
    assertEquals(Number(taken) + Number(known), 25_000);
    assert(Number(taken) > 0 && Number(known) > 0, stdout);
    console.log(`import: ${known} messages before the disk was full, ${taken} afterwards`);
  },
});

processTest("import ends with status 2 where the configuration or the command line is wrong", async () => {
  await using folder = await CommandFolder.make();
  const accounts = await folder.write("user_accounts.json", ACCOUNTS);
  const config = `--config=${folder.path}/config.json`;
  const unknown = await runProgram("import", config, "--node=node9", accounts);
  assertEquals(unknown.status, 2);
  assertStringIncludes(unknown.stderr, 'there is no node "node9"');
  assertEquals((await runProgram("import", `--config=${folder.path}/none.json`, accounts)).status, 2);
  assertEquals((await runProgram("import", config)).status, 2);
});
