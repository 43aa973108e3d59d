import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { CommandFolder, messageId, messageLines, programArgs, runProgram } from "./commands_harness.ts";

const HASH = `$2b$04$${"a".repeat(53)}`;
const ACCOUNTS = `${JSON.stringify({ ada: HASH, bob: HASH, zoe: HASH })}\n`;

/** A folder with a log of three accounts and `messages` messages, shut down in order. */
async function folderWithLog(messages: number): Promise<CommandFolder> {
  const folder = await CommandFolder.make();
  const file = await folder.write("node1.json", ACCOUNTS + messageLines(messages));
  const { status, stderr } = await folder.import(file);
  assertEquals([status, stderr], [0, ""]);
  return folder;
}

/** Leaves a torn last line, as a node does that is killed while it writes. */
async function tear(folder: CommandFolder): Promise<void> {
  await Deno.remove(`${folder.data}/clean`);
  const lines = await folder.lines();
  await Deno.writeTextFile(folder.segment, `${lines.join("\n")}\n${lines.at(-1)?.slice(0, 20)}`);
}

/** Flips a character in a line, counted from 0 on. */
async function damage(folder: CommandFolder, line: number): Promise<void> {
  const lines = await folder.lines();
  lines[line] = lines[line]?.replace('"seq"', '"sek"') ?? "";
  await Deno.writeTextFile(folder.segment, `${lines.join("\n")}\n`);
}

processTest("log show tells what happened, also while the node is running", async () => {
  await using folder = await folderWithLog(2);
  await using server = await ServerProcess.start({ data: folder.data });
  await using eve = await TestClient.login(server.port, "Eve");
  await eve.expect("sendMessage", { to: "ada", content: "hi \x1b[31m", id: messageId(9) }, "sent");
  const { status, stdout, stderr } = await folder.log("show");
  assertEquals([status, stderr], [0, ""]);
  const lines = stdout.trimEnd().split("\n");
  assertEquals(lines.length, 10);
  assert(lines.every((line) => /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z node1#[0-9a-f]{12}\/\d+ \w+ /.test(line)));
  assertStringIncludes(lines[0] ?? "", "/1 accountCreated    ada");
  const imported = `/4 messageSent       ada to bob, ${
    messageId(0)
  }, sent 2023-11-14T22:13:20.250Z: message 0`;
  assertStringIncludes(lines[3] ?? "", imported);
  assertStringIncludes(lines[9] ?? "", `Eve to ada, ${messageId(9)}: hi \\u{1b}[31m`);
  assert(!stdout.includes("$2b$"), "a password hash is shown");
});

processTest("log show shows what was asked for only", async () => {
  await using folder = await folderWithLog(3);
  const ofZoe = await folder.log("show", "--user", "ZOE");
  assertEquals(ofZoe.stdout.trimEnd().split("\n").length, 1);
  const ofBob = await folder.log("show", "--user", "bob", "--type", "messageSent", "--json");
  const events = ofBob.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(events.map(({ content }) => content), ["message 0", "message 1", "message 2"]);
  const marks = await folder.log("show", "--type=nodeStarted", "--type=nodeStopped");
  assertEquals(marks.stdout.trimEnd().split("\n").length, 2);
  const nothing = await folder.log("show", "--user", "nobody");
  assertEquals([nothing.status, nothing.stdout], [0, ""]);
  assertStringIncludes(nothing.stderr, "nothing in the log");
});

processTest("log show ends quietly where nobody reads any further", async () => {
  await using folder = await folderWithLog(3_000);
  const args = programArgs("log", "show", `--data=${folder.data}`);
  const child = new Deno.Command(Deno.execPath(), { args, stdin: "null", stdout: "piped", stderr: "piped" })
    .spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const stderr = await new Response(child.stderr).text();
  assertEquals([(await child.status).code, stderr], [0, ""]);
});

processTest("log show, verify and repair say that there is no log", async () => {
  await using folder = await CommandFolder.make();
  for (const word of ["show", "verify", "repair"]) {
    const { status, stdout, stderr } = await folder.log(word);
    assertEquals([status, stdout], [1, ""]);
    assertStringIncludes(stderr, `there is no data folder ${folder.data}`);
  }
  await Deno.mkdir(folder.data);
  assertStringIncludes((await folder.log("verify")).stderr, `there is no log in ${folder.data}`);
  assertEquals(await Array.fromAsync(Deno.readDir(folder.data)), []);
});

processTest("log verify tells whole, torn and damaged logs apart", async () => {
  await using folder = await folderWithLog(5);
  const whole = await folder.log("verify");
  assertEquals([whole.status, whole.stderr], [0, ""]);
  assertStringIncludes(whole.stdout, "segments: 1, lines: 11, entries: 8, batches: 3");
  assertStringIncludes(whole.stdout, "the log is whole");
  const state = /\nstate [0-9a-f]{64}\n$/.exec(whole.stdout)?.[0];
  assert(state !== undefined, whole.stdout);
  await tear(folder);
  const torn = await folder.log("verify");
  assertEquals([torn.status, torn.stderr], [0, ""]);
  assertStringIncludes(torn.stdout, "At log/00000001.jsonl, line 12 (byte ");
  assertStringIncludes(torn.stdout, state);
  await damage(folder, 4);
  const damaged = await folder.log("verify");
  assertEquals([damaged.status, damaged.stdout], [1, ""]);
  assertStringIncludes(damaged.stderr, "line 5 (byte ");
  assertStringIncludes(damaged.stderr, "is damaged: its checksum is ");
});

processTest("log show shows what is before the damage, and then the damage", async () => {
  await using folder = await folderWithLog(2_000);
  await damage(folder, 1_500);
  const { status, stdout, stderr } = await folder.log("show");
  assertEquals(status, 1);
  // A batch has 1,000 entries, and the second one is damaged.
  assertEquals(stdout.trimEnd().split("\n").length, 1_000);
  assertStringIncludes(stderr, "line 1501 (byte ");
  assertStringIncludes(stderr, "`chat-server log repair`");
});

processTest("log repair changes nothing unless the loss is accepted, and then the node starts", async () => {
  await using folder = await folderWithLog(5);
  await damage(folder, 6);
  const refused = await ServerProcess.spawn({ data: folder.data });
  assertEquals((await refused.status).code, 1);
  await refused[Symbol.asyncDispose]();

  const before = await folder.lines();
  const plan = await folder.log("repair");
  assertEquals([plan.status, plan.stderr], [1, ""]);
  assertStringIncludes(plan.stdout, "would be cut: log/00000001.jsonl, line 7 (");
  assertStringIncludes(plan.stdout, "--accept-loss repairs the log");
  assertEquals(await folder.lines(), before);

  const repaired = await folder.log("repair", "--accept-loss");
  assertEquals([repaired.status, repaired.stderr], [0, ""]);
  const copy = /cut: log\/00000001\.jsonl, line 7 \(.*a copy is in (\S+)/.exec(repaired.stdout)?.[1] ?? "?";
  assertEquals(await Deno.readTextFile(copy), `${before[6]}\n`);
  assertStringIncludes((await folder.log("repair")).stdout, "nothing to repair");
  await using server = await ServerProcess.start({ data: folder.data });
  assertStringIncludes(server.stdout, "(3 accounts, 4 messages)");
});

processTest("log repair leaves the data of a running node alone", async () => {
  await using folder = await folderWithLog(1);
  await using server = await ServerProcess.start({ data: folder.data });
  const { status, stdout, stderr } = await folder.log("repair", "--accept-loss");
  assertEquals([status, stdout], [1, ""]);
  assertStringIncludes(stderr, `is in use by node node1 (process ${server.child.pid})`);
});

processTest("an unknown word behind log is a wrong command line", async () => {
  const { status, stderr } = await runProgram("log", "shwo");
  assertEquals(status, 2);
  assertStringIncludes(stderr, 'there is no command "log shwo"; did you mean log show?');
});
