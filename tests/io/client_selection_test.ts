import { assertEquals, assertMatch } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { PASSWORD, runClient } from "./client_process.ts";
import { Stage } from "./client_stage.ts";

interface Event {
  readonly event: string;
  readonly text?: string;
  readonly id?: string;
  readonly timestamp?: string;
}

function events(stdout: string): readonly Event[] {
  return stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

function texts(stdout: string): readonly (string | undefined)[] {
  return events(stdout).map(({ text }) => text);
}

processTest("tail --from --count --for takes these messages only, and leaves the others", async () => {
  await using stage = await Stage.set("alice", "bob", "carol");
  const say = (user: string, text: string): Promise<unknown> =>
    stage.run("", "send", "alice", text, "--user", user);
  for (const text of ["one", "two", "three"]) await say("bob", text);
  await say("carol", "noise");
  const tail = (...words: readonly string[]): ReturnType<Stage["run"]> =>
    stage.run("", "tail", "--json", "--user", "alice", ...words);
  const two = await tail("--from", "BOB", "--count", "2", "--for", "60s");
  assertEquals([two.code, texts(two.stdout)], [0, ["one", "two"]], two.stderr);
  const short = await tail("--from", "bob", "-n", "2", "--for", "3s");
  assertEquals([short.code, texts(short.stdout)], [6, ["three"]]);
  assertMatch(short.stderr, /^!! 1 of 2 messages came within 3 s$/m);
  const noise = await tail("--for", "3s");
  assertEquals([noise.code, texts(noise.stdout)], [0, ["noise"]]);
  await using waiting = stage.start("tail", "--json", "--user", "alice", "--from", "bob", "--count", "1");
  await waiting.until(/you are alice/, "stderr");
  await say("carol", "later");
  await say("bob", "four");
  const ended = await waiting.end();
  assertEquals([ended.code, texts(ended.stdout)], [0, ["four"]]);
  assertEquals(texts((await tail("--count", "1")).stdout), ["later"]);
});

processTest("history takes all, or what lies between two times", async () => {
  await using stage = await Stage.set("alice", "bob");
  for (let each = 1; each <= 4; each++) await stage.run("", "send", "bob", `${each}`, "--user", "alice");
  const history = (...words: readonly string[]): ReturnType<Stage["run"]> =>
    stage.run("", "history", "bob", "--json", "--user", "alice", ...words);
  const all = await history("-n", "all");
  assertEquals(texts(all.stdout), ["1", "2", "3", "4"]);
  const times = events(all.stdout).map(({ timestamp }) => timestamp ?? "");
  assertEquals(texts((await history("-n", "1000000")).stdout), ["1", "2", "3", "4"]);
  assertEquals(texts((await history("--since", "1h")).stdout), ["1", "2", "3", "4"]);
  // Times are printed to the millisecond, and kept to the microsecond.
  assertEquals(texts((await history("--since", times[2] ?? "")).stdout), ["3", "4"]);
  const between = ["--since", times[1] ?? "", "--before", times[3] ?? ""];
  assertEquals(texts((await history(...between)).stdout), ["2", "3"]);
  assertEquals(texts((await history(...between, "-n", "1")).stdout), ["3"]);
  const none = await history("--before", "7d");
  assertEquals([none.code, none.stdout], [0, ""]);
  assertMatch(none.stderr, /no messages with bob in that time/);
});

processTest("/delete takes a UUID in any case, with or without #", async () => {
  await using stage = await Stage.set("alice", "bob");
  const ids = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  for (const id of ids) await stage.run("", "send", "bob", "hi", "--user", "alice", "--id", id);
  const [one = "", two = "", three = ""] = ids;
  const script =
    `/delete #${one.toUpperCase()} ${two} #${two.toUpperCase()}\n/chat bob\n/delete #${three.toUpperCase()}\n`;
  const ended = await stage.run(script, "--user", "alice");
  assertEquals(ended.code, 0, ended.stderr);
  assertMatch(ended.stderr, /deleted: 2 messages\n(.*\n)*-- deleted: 1 message\n/);
  assertEquals((await stage.run("", "history", "bob", "--user", "alice")).stdout, "");
});

processTest("the password is the first line of the standard input, and the text what follows", async () => {
  await using stage = await Stage.set("alice", "bob");
  const flags = ["--server", `127.0.0.1:${stage.server.port}`, "--user", "alice", "--password-file"];
  for (const file of ["-", "/dev/stdin"]) {
    const sent = await runClient(`${PASSWORD}\nhi\nthere`, "send", "bob", "-", "--json", ...flags, file);
    assertEquals([sent.code, texts(sent.stdout)], [0, ["hi\nthere"]], sent.stderr);
  }
});

processTest("run --json tells a program which line an event answers, and when it is complete", async () => {
  await using stage = await Stage.set("alice", "bob");
  const lines = [
    '{"id": "r1", "line": "/msg bob hi"}',
    "/msg bob without a name",
    '{"id": "r2", "line": "/msg nobody hi"}',
    '{"id": "r3", "line": "/status"}',
    '{"id": "r4", "line": "/nonsense"}',
    '{"id": "r5", "line": "/chat bob"}',
    '{"id": "r6", "line": "two\\nlines"}',
  ];
  const ended = await stage.run(lines.join("\n"), "run", "-", "--json", "--user", "alice");
  assertEquals(ended.code, 1);
  const all: (Event & { request?: string; status?: unknown })[] = [...events(ended.stdout)];
  const of = (request: string | undefined): string[] =>
    all.filter((each) => each.request === request).map(({ event, text, status }) =>
      `${event} ${event === "done" || event === "error" ? status : text}`
    );
  assertEquals(of(undefined), ["message without a name"]);
  assertEquals(of("r1"), ["message hi", "done 0"]);
  assertEquals(of("r2"), ["error 1", "done 1"]);
  assertEquals(of("r3").at(-1), "done 0");
  assertEquals(of("r4"), ["error 1", "done 1"]);
  assertEquals(of("r5").filter((each) => each !== "notice chat with bob"), [
    "message hi",
    "message without a name",
    "done 0",
  ]);
  assertEquals(of("r6"), ["message two\nlines", "done 0"]);
  const plain = await stage.run("/chat bob\n" + lines[0], "run", "-", "--user", "alice");
  assertMatch(plain.stdout, /alice> \{"id": "r1"/);
});
