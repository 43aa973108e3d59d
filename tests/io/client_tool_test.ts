import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Request } from "../../common/protocol/requests.ts";
import type { ChatMessage } from "../../common/protocol/shapes.ts";
import { processTest } from "../testing/permissions.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { clientCommand, ClientProcess, PASSWORD, runClient } from "./client_process.ts";
import { Stage } from "./client_stage.ts";
import { type Answer, ScriptedServer } from "./client_scripted_server.ts";

processTest("send takes its text from the command line or from a pipe, and history shows it", async () => {
  await using stage = await Stage.set("alice", "bob");
  const piped = await stage.run("hi from a pipe\n", "send", "bob", "-", "--user", "alice");
  assertEquals([piped.code, piped.stderr], [0, ""]);
  assertMatch(piped.stdout, /^\d\d:\d\d #a1 \+ alice> hi from a pipe\n$/);
  const sent = await stage.run("", "--json", "send", "bob", "two", "words", "--user=alice");
  const event = JSON.parse(sent.stdout);
  assertEquals([event.event, event.from, event.to, event.text], ["message", "alice", "bob", "two words"]);
  assertEquals(new Date(event.timestamp).toISOString(), event.timestamp);
  const history = await stage.run("", "history", "alice", "--user", "bob", "-n", "50", "--json");
  const events = history.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(events.map((each) => each.text), ["hi from a pipe", "two words"]);
  assertEquals(events[1].id, event.id);
  const plain = await stage.run("", "history", "alice", "--user", "bob", "-n", "1");
  assertMatch(plain.stdout, /^\d\d:\d\d #\w+ alice> two words\n$/);
});

processTest("send --wait ends when the message was delivered or read, or its time is over", async () => {
  await using stage = await Stage.set("alice", "bob");
  const late = await stage.run(
    "",
    "send",
    "bob",
    "hi",
    "--user",
    "alice",
    "--wait",
    "delivered",
    "--timeout",
    "2s",
  );
  assertEquals(late.code, 6);
  assertStringIncludes(late.stderr, "was not delivered within 2 s");
  await using tail = stage.start("tail", "--json", "--user", "bob");
  await tail.until(/"text":"hi"/);
  const delivered = await stage.run("", "send", "bob", "ho", "--user", "alice", "--wait", "delivered");
  assertEquals([delivered.code, /#a1 \+\+ alice> ho/.test(delivered.stdout)], [0, true]);
  await tail.until(/"text":"ho"/);
  await using reader = stage.start("--user", "bob");
  await reader.type("/chat alice\n");
  await reader.until(/alice> ho/);
  const read = await stage.run("", "send", "bob", "ha", "--user", "alice", "--wait", "read");
  assertEquals([read.code, /#a1 = alice> ha/.test(read.stdout)], [0, true]);
});

processTest("every exit status means what it says", async () => {
  await using stage = await Stage.set("alice");
  const { flags } = stage;
  await Deno.writeTextFile(`${stage.server.folder}/wrong`, "wrong password");
  const server = flags.slice(0, 2);
  const wrong = [...server, "--password-file", `${stage.server.folder}/wrong`];
  const cases: readonly (readonly [readonly string[], number, string])[] = [
    [["send", "bob", "hi", "--user", "alice", ...flags], 1, "there is no user"],
    [["send", "alice", "", "--user", "alice", ...flags], 1, "was not sent"],
    [["history", "bob", "--user", "alice", ...flags], 1, "there is no user"],
    [["sned"], 1, 'did you mean "send"?'],
    [["run", "/no/such/file", ...flags], 1, "cannot be read"],
    [
      ["tail", "--user", "alice", "--server", "127.0.0.1:1", "--timeout", "2s", ...flags.slice(2)],
      3,
      "refused",
    ],
    [["send", "alice", "hi", "--user", "alice", ...wrong], 4, "the password of alice is not that"],
    [["send", "alice", "hi", "--user", "alcie", ...flags], 4, "there is no user alcie"],
    [["send", "alice", "hi", "--user", "alice", ...server], 4, "--password-file"],
    [
      ["send", "alice", "hi", "--user", "alice", ...server, "--password-file", "/no/such"],
      4,
      "cannot be read",
    ],
    [["send", "alice", "hi", "--user", "carol", "--register", ...flags], 0, ""],
  ];
  for (const [args, code, said] of cases) {
    const ended = await runClient("", ...args);
    assertEquals(
      [ended.code, ended.stderr.includes(said)],
      [code, true],
      `${args.join(" ")}: ${ended.stderr}`,
    );
  }
  console.log(`checked ${cases.length} command lines`);
});

processTest("a rate limit ends a script with its own status", async () => {
  const limits = { ...QUICK.limits, registrationsPerHour: 1, loopbackExempt: false };
  await using server = await ServerProcess.start({ configuration: { limits } });
  await Deno.writeTextFile(`${server.folder}/password`, PASSWORD, { mode: 0o600 });
  const flags = ["--server", `127.0.0.1:${server.port}`, "--password-file", `${server.folder}/password`];
  assertEquals((await runClient("", "run", "-", "--user", "alice", "--register", ...flags)).code, 0);
  const refused = await runClient("", "run", "-", "--user", "bob", "--register", ...flags);
  assertEquals([refused.code, /try again in \d+ s/.test(refused.stderr)], [5, true], refused.stderr);
});

processTest("run goes from a new account to its deletion, in a file or from a pipe", async () => {
  await using stage = await Stage.set("bob");
  const script = [
    "/register alice",
    "/chat bob",
    "hello bob",
    "//not a command",
    "/delete #a2",
    "/users",
    "/chats",
    "/delete-account alice",
    "/status",
  ].join("\n");
  const file = `${stage.server.folder}/script.txt`;
  await Deno.writeTextFile(file, script);
  for (
    const ended of [
      await stage.run("", "run", file),
      await stage.run(script),
      await stage.run(script, "--plain"),
    ]
  ) {
    assertEquals(ended.code, 0, ended.stderr);
    const [hello, slash, ...rest] = ended.stdout.split("\n");
    assertMatch(hello ?? "", /^\d\d:\d\d #a1 \+ alice> hello bob$/);
    assertMatch(slash ?? "", /^\d\d:\d\d #a2 \+ alice> \/not a command$/);
    assertStringIncludes(rest.join("\n"), "account: not logged in");
    assertStringIncludes(ended.stderr, "the account alice and all its messages are gone");
    // deno-lint-ignore no-control-regex -- nothing of a terminal may be in there
    assertEquals(/[\x00-\x09\x0b-\x1f]/.test(ended.stdout + ended.stderr), false);
  }
});

processTest(
  "run --strict stops at the first error, and without it the status is that of the first",
  async () => {
    await using stage = await Stage.set("alice");
    const script = "/nonsense\n/msg alice still here\n";
    const strict = await stage.run(script, "run", "-", "--strict", "--user", "alice");
    assertEquals(strict.code, 1);
    const lenient = await stage.run(script, "run", "-", "--user", "alice");
    assertEquals([lenient.code, lenient.stdout.includes("still here")], [1, true]);
  },
);

processTest(
  "tail --json prints what comes, once, and keeps unsafe characters out of plain lines",
  async () => {
    await using stage = await Stage.set("alice", "bob");
    const evil = "\x1b[2J\x07\u202eevil\nsecond line";
    await using plain = stage.start("tail", "--user", "bob");
    await using json = stage.start("tail", "--json", "--user", "bob");
    // A message that one session has taken is not pushed to a later one again.
    await plain.until(/you are bob/, "stderr");
    await json.until(/you are bob/, "stderr");
    assertEquals(
      (await stage.run(evil, "send", "bob", "-", "--user", "alice", "--wait", "delivered")).code,
      0,
    );
    await plain.until(/alice> \\u\{1b\}\[2J\\u\{7\}\\u\{202e\}evil\\u\{a\}second line\n/);
    await json.until(/"text":.*\n/);
    const messages = json.stdout.split("\n").filter((line) => line.includes('"event":"message"'));
    assertEquals(messages.map((line) => JSON.parse(line).text), [evil]);
    assertEquals(json.stdout.includes("\u202e"), false);
  },
);

processTest("tail without --timeout outlives its node, and shows nothing twice", async () => {
  const from = (number: number): ChatMessage => ({
    id: `00000000-0000-4000-8000-00000000000${number}`,
    timestamp: number,
    sender: "bob",
    recipient: "alice",
    content: `text ${number}`,
    status: "unread",
  });
  const undelivered =
    (...messages: readonly ChatMessage[]): (request: Request) => Answer | undefined => (request) =>
      request.name === "listMessages" ? { name: "messages", payload: { messages, more: false } } : undefined;
  const passwordFile = await Deno.makeTempFile();
  await Deno.writeTextFile(passwordFile, PASSWORD, { mode: 0o600 });
  const first = new ScriptedServer("only", undelivered(from(1)));
  const { port } = first;
  const flags = ["--server", `127.0.0.1:${port}`, "--password-file", passwordFile];
  await using tail = new ClientProcess(clientCommand("tail", "--user", "alice", ...flags));
  await tail.until(/bob> text 1/);
  await first[Symbol.asyncDispose]();
  await tail.until(/lost only/, "stderr");
  // Longer than the limit for the start. It prints nothing while it looks for a node: the test can only wait.
  await new Promise((resolve) => setTimeout(resolve, 10_500));
  await using again = new ScriptedServer("only", undelivered(from(1), from(2)), port);
  await tail.until(/bob> text 2/);
  assertEquals(tail.stdout.match(/text \d/g), ["text 1", "text 2"]);
  assertEquals(again.asked("resume").length, 1);
  await Deno.remove(passwordFile);
});

processTest("output that cannot be written ends the program, and is no broken connection", async () => {
  if (Deno.build.os !== "linux") return;
  await using stage = await Stage.set("alice");
  for (const args of [["send", "alice", "hi"], ["tail"]]) {
    const command = clientCommand(...args, "--user", "alice", ...stage.flags);
    const child = new Deno.Command("sh", {
      args: ["-c", 'exec "$@" > /dev/full', "sh", ...command],
      stdin: "null",
      stderr: "piped",
    });
    let isOver = false;
    const ending = child.spawn().output().finally(() => isOver = true);
    // `tail` shows only messages sent after its start.
    while (args[0] === "tail" && !isOver) await stage.run("", "send", "alice", "more", "--user", "alice");
    const { code, stderr } = await ending;
    assertEquals(code, 2);
    assertMatch(new TextDecoder().decode(stderr), /the output cannot be written: No space left on device/);
  }
});
