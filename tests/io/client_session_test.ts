import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { TestClient } from "../testing/test_client.ts";
import { PASSWORD, runClient } from "./client_process.ts";
import { Stage } from "./client_stage.ts";

/** More runs than an account can have login tokens. */
const RUNS = 24;

processTest("runs that log in leave no login token: a device that sleeps stays logged in", async () => {
  await using stage = await Stage.set("bob");
  const asleep = await TestClient.connect(stage.server.port);
  await asleep.expect("startLogin", { name: "alice" }, "userNotExisting");
  const { token } = await asleep.expect("finishLogin", { password: PASSWORD }, "loginSuccess");
  await asleep[Symbol.asyncDispose]();
  for (let i = 0; i < RUNS; i++) {
    const words = [["send", "bob", `${i}`], ["history", "bob"], ["run", "-"]][i % 3] ?? [];
    assertEquals((await stage.run("", ...words, "--user", "alice")).code, 0);
  }
  await using awake = await TestClient.connect(stage.server.port);
  await awake.expect("resume", { token }, "loginSuccess");
  console.log(`${RUNS} runs`);
});

processTest("--session keeps a login for the next run, which needs no password", async () => {
  await using stage = await Stage.set("alice", "bob");
  const session = `${stage.server.folder}/session`;
  const server = ["--server", `127.0.0.1:${stage.server.port}`];
  const first = await stage.run("", "send", "bob", "one", "--user", "alice", "--session", session);
  assertEquals([first.code, first.stderr], [0, ""]);
  assertEquals(((await Deno.stat(session)).mode ?? 0) & 0o777, 0o600);
  const { token, ...rest } = JSON.parse(await Deno.readTextFile(session));
  assertEquals(rest, { user: "alice", cluster: "test" });
  assertMatch(token, /^[0-9a-f]{64}$/);
  for (const words of [["send", "bob", "two"], ["history", "bob"], ["run", "-"]]) {
    const next = await runClient("", ...words, "--session", session, ...server);
    assertEquals([next.code, next.stderr.includes("password")], [0, false], next.stderr);
  }
  assertEquals(JSON.parse(await Deno.readTextFile(session)).token, token);
  const other = await runClient("", "send", "bob", "hi", "--user", "carol", "--session", session, ...server);
  assertEquals(other.code, 1);
  assertStringIncludes(other.stderr, "is of alice, and --user is carol");
});

processTest("a kept login that has ended asks for the password, and is kept anew", async () => {
  await using stage = await Stage.set("alice", "bob");
  const session = `${stage.server.folder}/session`;
  const server = ["--server", `127.0.0.1:${stage.server.port}`];
  assertEquals((await stage.run("", "history", "bob", "--user", "alice", "--session", session)).code, 0);
  const before = await Deno.readTextFile(session);
  // As somebody who changes the password on another device.
  await using elsewhere = await TestClient.login(stage.server.port, "alice", PASSWORD);
  await elsewhere.expect("changePassword", { old: PASSWORD, new: PASSWORD }, "ok");
  const refused = await runClient("", "history", "bob", "--session", session, ...server);
  assertEquals(refused.code, 4);
  assertStringIncludes(refused.stderr, "--password-file FILE gives a password");
  assertEquals((await stage.run("", "history", "bob", "--session", session)).code, 0);
  assertEquals(await Deno.readTextFile(session) === before, false);
});

processTest("--session takes no other file, and warns of one that others can read", async () => {
  await using stage = await Stage.set("alice", "bob");
  const session = `${stage.server.folder}/session`;
  await Deno.writeTextFile(session, "my poems", { mode: 0o600 });
  const refused = await stage.run("", "history", "bob", "--user", "alice", "--session", session);
  assertEquals([refused.code, await Deno.readTextFile(session)], [1, "my poems"]);
  assertStringIncludes(refused.stderr, `--session ${session} is no session of this program`);
  await Deno.remove(session);
  assertEquals((await stage.run("", "history", "bob", "--user", "alice", "--session", session)).code, 0);
  await Deno.chmod(session, 0o644);
  const open = await stage.run("", "history", "bob", "--session", session);
  assertEquals(open.code, 0);
  assertMatch(open.stderr, /warning: .*session holds a secret and other users/);
});
