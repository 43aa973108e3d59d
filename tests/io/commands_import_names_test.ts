import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import bcrypt from "bcryptjs";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { CommandFolder, messageLine, runProgramIn } from "./commands_harness.ts";

/** An accounts file as the original writes it: one to a line, with a password that is "password of" the name. */
function accountsFile(...names: readonly string[]): string {
  const hashes = names.map((name) => [name, bcrypt.hashSync(`password of ${name}`, 4)]);
  return JSON.stringify(Object.fromEntries(hashes), null, 4);
}

/** Contents of the conversation that somebody sees with another. */
async function contents(client: TestClient, other: string): Promise<string[]> {
  const { messages } = await client.expect("listMessages", { with: other }, "messages");
  return messages.map(({ content }) => content);
}

processTest("import proposes names, and takes everybody over when the shell gets its line back", async () => {
  await using folder = await CommandFolder.make();
  const names = ["ada", "bob", "Bob", "Ann Lee", "d'Or", "\u001b[31mred", "Zoë"];
  const accounts = await folder.write("user_accounts.json", accountsFile(...names));
  const lines = [
    messageLine(0, { sender: "Ann Lee" }),
    messageLine(1, { sender: "Bob", recipient: "d'Or" }),
    messageLine(2, { sender: "Zoë" }),
  ];
  const messages = await folder.write("node1.json", lines.join("\n"));
  const first = await folder.import(accounts, messages);
  assertEquals(first.status, 1);
  assertStringIncludes(first.stdout, "accounts: 2 new, 0 known already, 5 refused");
  const flags = first.stderr.split("\n").filter((line) => line.startsWith("--rename="));
  assertEquals(flags, [
    "--rename='Bob=Bob-2'",
    "--rename='Ann Lee=Ann-Lee'",
    `--rename='"d\\u0027Or"=d-Or'`,
    `--rename='"\\u001b[31mred"=31mred'`,
    "--rename='Zoë=Zoe'",
  ]);
  const words = [
    "import",
    `--config=${folder.path}/config.json`,
    `--data=${folder.data}`,
    accounts,
    messages,
  ];
  const values = await behindShell(flags);
  const second = await runProgramIn(".", ...words, ...values);
  assertEquals([second.status, second.stderr], [0, ""]);
  assertStringIncludes(second.stdout, "accounts: 5 new, 2 known already, 0 refused");
  assertStringIncludes(second.stdout, "messages: 3 new, 0 known already, 0 refused");
  const third = await runProgramIn(".", ...words, ...values, "--rename=nobody=no.body");
  assertStringIncludes(third.stdout, "nothing in ");
  assertStringIncludes(third.stderr, "warning: --rename='nobody=no.body': nobody in the files has that name");

  await using server = await ServerProcess.start({ data: folder.data });
  await using bob = await TestClient.login(server.port, "bob");
  assertEquals([await contents(bob, "Ann-Lee"), await contents(bob, "Zoe")], [["message 0"], ["message 2"]]);
  await using renamed = await TestClient.login(server.port, "Bob-2", "password of Bob");
  assertEquals(await contents(renamed, "d-Or"), ["message 1"]);
});

/** The words that a shell makes of them. */
async function behindShell(flags: readonly string[]): Promise<string[]> {
  const args = ["-c", `printf '%s\\n' ${flags.join(" ")}`];
  const { stdout } = await new Deno.Command("sh", { args }).output();
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

processTest("import gives nobody the messages of somebody else who had their name", async () => {
  await using folder = await CommandFolder.make();
  await using server = await ServerProcess.start({ data: folder.data });
  // Two people who came to this server by themselves.
  await TestClient.login(server.port, "bob").then((client) => client[Symbol.asyncDispose]());
  await TestClient.login(server.port, "eve").then((client) => client[Symbol.asyncDispose]());
  assertEquals((await server.stop()).code, 0);
  // In the original, bob was deleted, and eve is somebody else.
  const accounts = await folder.write("user_accounts.json", accountsFile("ada", "eve"));
  const lines = [messageLine(0), messageLine(1, { recipient: "eve" }), messageLine(2, { recipient: "ada" })];
  const messages = await folder.write("node1.json", lines.join("\n"));
  const { status, stdout, stderr } = await folder.import(messages, accounts);
  assertEquals(status, 1);
  assertStringIncludes(stdout, "messages: 1 new, 0 known already, 2 refused");
  assertStringIncludes(stdout, "warning: the files do not tell when an account was made");
  assertMatch(stderr, /line 3: the account "eve": an account of that name is here with another password/);
  assertMatch(
    stderr,
    /line 1: the recipient "bob": it is not among the accounts in the files, so it was deleted/,
  );
  assertMatch(stderr, /line 2: the recipient "eve": the account of that name here is somebody else's/);

  const alone = await folder.import(messages);
  assertEquals(alone.status, 0);
  assertStringIncludes(alone.stdout, "messages: 2 new, 1 known already, 0 refused");
  assertStringIncludes(alone.stdout, "warning: no accounts are in the files");
});
