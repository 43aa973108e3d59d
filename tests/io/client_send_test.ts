import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { PASSWORD, runClient } from "./client_process.ts";
import { ScriptedServer } from "./client_scripted_server.ts";
import { Stage } from "./client_stage.ts";

processTest("a password file that others can read is warned of, and taken", async () => {
  await using stage = await Stage.set("alice", "bob");
  await Deno.chmod(stage.passwordFile, 0o640);
  const sent = await stage.run("", "send", "bob", "hi", "--user", "alice");
  assertEquals(sent.code, 0);
  const warning = /^chat-client: warning: .*password holds a secret and other users .*chmod 600 .*\n$/;
  if (Deno.uid() === 0) assertEquals(sent.stderr, "");
  else assertMatch(sent.stderr, warning);
  await Deno.chmod(stage.passwordFile, 0o644);
  assertMatch((await stage.run("", "send", "bob", "hi", "--user", "alice")).stderr, warning);
});

processTest("send finds another node, and sends under the same id", async () => {
  await using second = new ScriptedServer("second");
  await using first = new ScriptedServer("first", ({ name }) => name === "sendMessage" ? "break" : undefined);
  const passwordFile = await Deno.makeTempFile();
  await Deno.writeTextFile(passwordFile, PASSWORD, { mode: 0o600 });
  const servers = `127.0.0.1:1,127.0.0.1:${first.port},127.0.0.1:${second.port}`;
  const flags = ["--user", "alice", "--server", servers, "--password-file", passwordFile];
  const ended = await runClient("", "send", "bob", "hi", ...flags);
  await Deno.remove(passwordFile);
  assertEquals(ended.code, 0, ended.stderr);
  assertEquals(first.asked("sendMessage"), second.asked("sendMessage"));
});

processTest("send says that it does not know, and the same id is stored once", async () => {
  await using stage = await Stage.set("alice", "bob");
  const id = "0B8D5D0C-3A0F-4A7E-9C53-3D2F5A6B7C8D";
  // Its reply to the first sending is lost, and every node after it is silent.
  await using deaf = new ScriptedServer("deaf", ({ name }) => name === "sendMessage" ? "nothing" : undefined);
  const lost = await runClient(
    "",
    ...["send", "bob", "hi", "--user", "alice", "--timeout", "2s", "--id", id],
    ...["--server", `127.0.0.1:${deaf.port}`, "--password-file", stage.passwordFile],
  );
  assertEquals([lost.code, lost.stdout], [7, ""]);
  assertMatch(lost.stderr, /^!! it is not known whether the message was stored: .* --id 0b8d5d0c-.*\n$/);
  for (let i = 0; i < 3; i++) {
    assertEquals((await stage.run("", "send", "bob", "hi", "--user", "alice", "--id", id)).code, 0);
  }
  const history = await stage.run("", "history", "bob", "--user", "alice", "--json");
  assertEquals(history.stdout.trimEnd().split("\n").map((line) => JSON.parse(line).id), [id.toLowerCase()]);
  const other = await stage.run("", "send", "bob", "something else", "--user", "alice", "--id", id);
  assertEquals(other.code, 1, other.stderr);
  const wrong = await stage.run("", "send", "bob", "hi", "--user", "alice", "--id", "7");
  assertEquals(wrong.code, 1);
  assertMatch(wrong.stderr, /--id is "7" and must be a UUID/);
});

processTest("send knows that a message which was refused is not stored", async () => {
  const refused = { name: "error", payload: { code: "read-only", message: "the disk is full" } } as const;
  await using full = new ScriptedServer("full", ({ name }) => name === "sendMessage" ? refused : undefined);
  const passwordFile = await Deno.makeTempFile({ prefix: "chat-password-" });
  await Deno.writeTextFile(passwordFile, PASSWORD, { mode: 0o600 });
  const flags = ["--server", `127.0.0.1:${full.port}`, "--password-file", passwordFile];
  const ended = await runClient("", "send", "bob", "hi", "--user", "alice", "--timeout", "2s", ...flags);
  await Deno.remove(passwordFile);
  assertEquals(ended.code, 6, ended.stderr);
});

processTest("what is no terminal makes an account only with --register", async () => {
  await using stage = await Stage.set("bob");
  for (const mode of [[], ["run", "-"], ["send", "bob", "hi"], ["history", "bob"]]) {
    const typo = await stage.run("/chat bob\nhello\n", ...mode, "--user", "alicf");
    assertEquals([typo.code, typo.stdout], [4, ""], mode.join(" "));
    assertMatch(typo.stderr, /there is no user alicf; --register makes a new account/);
  }
  const users = await stage.run("/users\n", "--user", "bob");
  assertEquals(users.stdout.includes("alicf"), false);
});

processTest("bytes that are not UTF-8 are refused with their place, and nothing is sent", async () => {
  await using stage = await Stage.set("alice", "bob");
  const latin = Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x0a);
  const piped = await stage.run(latin, "send", "bob", "-", "--user", "alice");
  assertEquals([piped.code, piped.stdout], [1, ""]);
  assertStringIncludes(piped.stderr, "byte 4 (0xe9) is not UTF-8; nothing was sent");
  const argument = await stage.run("", "send", "bob", "caf\ufffd", "--user", "alice");
  assertEquals(argument.code, 1);
  assertStringIncludes(argument.stderr, "argument 3 (caf\ufffd) is not UTF-8");
  const script = new Uint8Array([...new TextEncoder().encode("/chat bob\n"), ...latin, 0x68, 0x69, 0x0a]);
  const run = await stage.run(script, "run", "-", "--user", "alice");
  assertEquals(run.code, 1);
  assertStringIncludes(run.stderr, "line 2: byte 4 (0xe9) is not UTF-8; the line was left out");
  const strict = await stage.run(script, "run", "-", "--strict", "--user", "alice");
  assertEquals(strict.code, 1);
  const history = await stage.run("", "history", "bob", "--user", "alice", "--json");
  assertEquals(history.stdout.trimEnd().split("\n").map((line) => JSON.parse(line).text), ["hi"]);
});
