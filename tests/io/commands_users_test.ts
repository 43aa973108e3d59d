import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { OriginalTestClient, TestClient } from "../testing/test_client.ts";
import { CommandFolder, type Ending, programArgs, runProgram } from "./commands_harness.ts";

const NEW = "another password";

/** Bulk of accounts that a page does not hold. */
const MANY = 1_200;

/** Runs a command about a running server; what `input` has comes on standard input. */
async function run(server: ServerProcess, line: string, input?: string): Promise<Ending> {
  const args = [...line.split(" "), `--data=${server.data}`];
  if (input === undefined) return await runProgram(...args);
  const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const child = new Deno.Command(Deno.execPath(), { args: programArgs(...args), ...pipes }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { status: code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** The same, which must succeed; returns standard output. */
async function ok(server: ServerProcess, line: string, input?: string): Promise<string> {
  const { status, stdout, stderr } = await run(server, line, input);
  assertEquals([status, stderr], [0, ""], line);
  return stdout;
}

/** Code of the ERROR that answers a login, or the name of the reply. */
async function login(server: ServerProcess, name: string, password: string): Promise<string> {
  await using client = await TestClient.connect(server.port);
  await client.ask("startLogin", { name });
  const reply = await client.ask("finishLogin", { password });
  return reply.name === "error" ? reply.payload.code : reply.name;
}

processTest("users and sessions do to a running node what they say", async () => {
  await using server = await ServerProcess.start();
  assertStringIncludes(await ok(server, "users add ann --password-file -", `${NEW}\nmore`), "ann was made");
  assertEquals(await login(server, "ann", NEW), "loginSuccess");
  await using ann = await TestClient.login(server.port, "ann", NEW);
  await using bob = await OriginalTestClient.login(server.port, "bob");

  const listed = await ok(server, "users");
  assertMatch(listed, /^name +state .*\nann +enabled .* 1 +0 .*\nbob +enabled /);
  const rows = (await ok(server, "sessions --json")).trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(rows.map(({ name, dialect }) => [name, dialect]), [["ann", "confirmed"], ["bob", "original"]]);

  assertEquals(
    await ok(server, "users disable ann"),
    "ann is disabled; 1 session ended here; on the disks of 1 of 1 node\n",
  );
  const word = await ann.reply();
  assert(word.name === "error" && word.payload.code === "disabled");
  await ann.closed;
  assertEquals([await login(server, "ann", NEW), await login(server, "ann", `${NEW}!`)], [
    "disabled",
    "loginFailed",
  ]);
  assertMatch(await ok(server, "users show ann"), /^state +disabled; since \d{4}-/m);
  assertStringIncludes(await ok(server, "users enable ann"), "ann is enabled");
  assertStringIncludes(await ok(server, "users enable ann"), "ann was not disabled");

  const made = await run(server, "users password ann --make");
  assertEquals(made.status, 0);
  assertStringIncludes(made.stderr, "ann has another password");
  const password = made.stdout.trimEnd();
  assertMatch(password, /^([a-z2-9]{5}-){3}[a-z2-9]{5}$/);
  assertEquals([await login(server, "ann", NEW), await login(server, "ann", password)], [
    "loginFailed",
    "loginSuccess",
  ]);

  assertStringIncludes(
    await ok(server, `sessions end --id ${rows[1].id}`),
    "bob is logged out of that session; 1 session ended",
  );
  await bob.closed;
  await using again = await TestClient.login(server.port, "bob");
  assertStringIncludes(
    await ok(server, "sessions end BOB"),
    "bob is logged out; 1 session ended here",
  );
  await again.closed;
  assertStringIncludes(await ok(server, "users delete bob --yes"), "bob is deleted, with all messages");
  assertEquals((await run(server, "users show bob")).status, 1);

  const acts = (await ok(server, "log show --admin")).trimEnd().split("\n").map((line) =>
    line.split(/ +/)[2]
  );
  assertEquals(acts, [
    "accountCreated",
    "accountDisabled",
    "accountEnabled",
    "passwordChanged",
    "tokenRevoked",
    "accountDeleted",
  ]);
  for (const secret of [NEW, password]) {
    assert(!server.stderr.includes(secret), "a password is in the diagnostics");
  }
  console.log(`${acts.length} acts in the log`);
});

processTest(`users lists ${MANY} accounts, page by page, and those that match`, async () => {
  await using folder = await CommandFolder.make();
  const hash = `$2b$04$${"a".repeat(53)}`;
  const accounts = Object.fromEntries(
    Array.from({ length: MANY }, (_, i) => [`u${String(i).padStart(4, "0")}`, hash]),
  );
  const file = await folder.write("user_accounts.json", JSON.stringify(accounts));
  assertEquals((await folder.import(file)).status, 0);
  await using server = await ServerProcess.start({ data: folder.data });
  const names = (await ok(server, "users --json")).trimEnd().split("\n").map((line) => JSON.parse(line).name);
  assertEquals(names, Object.keys(accounts));
  assertEquals((await ok(server, "users u119?")).trimEnd().split("\n").length, 11);
  assertMatch((await run(server, "users x*")).stderr, /no name matches "x\*"/);
});

processTest("users and sessions refuse with the reason and the way out", async () => {
  await using server = await ServerProcess.start();
  await using _ann = await TestClient.login(server.port, "ann");
  const cases: readonly (readonly [string, string, string?])[] = [
    ["users show nobody", 'there is no user "nobody"; chat-server users lists who there is'],
    ["users disable nobody", 'there is no user "nobody"'],
    ["users add ann --make", "the name ann belongs to somebody else"],
    [`users show ${"x".repeat(81)}`, "the name has 81 characters and the limit is 80"],
    [`users ${"x".repeat(300)}`, "match has 300 characters and the limit is 256"],
    ["users add bob", "nobody can be asked here (standard input is no terminal); --password-file FILE"],
    ["users add bob --password-file -", "the password has 5 bytes and the least is 8", "short\n"],
    ["users add bob --password-file -", "the first line of standard input is empty", "\n"],
    ["users add bob --password-file -", "has over 4096 bytes", "x".repeat(5_000)],
    ["users add bob --password-file /nowhere", "--password-file /nowhere cannot be read"],
    ["users delete ann", "nobody can be asked here (standard input is no terminal); --yes deletes ann"],
    ["sessions end --id 99", "there is no session 99 at this node; chat-server sessions lists"],
    [
      "sessions end 1",
      'there is no user "1"; chat-server users lists who there is, and sessions end --id 1 ends',
    ],
  ];
  for (const [line, text, input] of cases) {
    const { status, stdout, stderr } = await run(server, line, input);
    assertEquals([status, stdout], [1, ""], line);
    assertStringIncludes(stderr, text, line);
  }
  const nowhere = await runProgram("users", "--data", `${server.folder}/nothing`);
  assertEquals(nowhere.status, 1);
  assertStringIncludes(nowhere.stderr, "no node runs on the data folder");
  console.log(`${cases.length + 1} refusals`);
});
