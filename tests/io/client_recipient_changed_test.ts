import { assertEquals, assertMatch } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { clientCommand, ClientProcess, PASSWORD, runClient } from "./client_process.ts";
import { ScriptedServer } from "./client_scripted_server.ts";

interface Event {
  readonly event: string;
  readonly text: string;
  readonly status: string;
}

function events(stdout: string): readonly Event[] {
  return stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
}

processTest("a script does not tell a stranger what was meant for the one who had the name", async () => {
  await using server = await ServerProcess.start();
  const file = `${server.folder}/password`;
  await Deno.writeTextFile(file, PASSWORD, { mode: 0o600 });
  await using bob = await TestClient.login(server.port, "bob", PASSWORD);
  const flags = ["--server", `127.0.0.1:${server.port}`, "--password-file", file, "--user", "alice"];
  await using alice = new ClientProcess(clientCommand("run", "-", "--json", "--register", ...flags));
  await alice.type("/chat bob\nhello\n");
  await alice.until(/"text":"hello","status":"unread"/);
  await bob.expect("deleteAccount", { password: PASSWORD }, "ok");
  await alice.until(/the account bob was deleted/, "stderr");
  await using stranger = await TestClient.login(server.port, "bob", PASSWORD);
  await alice.type("for bob's eyes\nfor nobody\n");
  await alice.until(/"text":"for nobody","status":"held"/);
  assertEquals((await stranger.expect("listMessages", { undelivered: true }, "messages")).messages, []);
  await alice.type("/anyway a2\n");
  await alice.until(/"text":"for bob's eyes","status":"unread"/);
  const ended = await alice.end();
  assertEquals(ended.code, 1);
  assertEquals(events(ended.stdout).map(({ event, text, status }) => [event, text, status]), [
    ["message", "hello", "unread"],
    ["message", "for bob's eyes", "held"],
    ["message", "for nobody", "held"],
    ["message", "for bob's eyes", "unread"],
  ]);
  assertMatch(ended.stderr, /^!! #a2 to bob is held: the account bob that it is meant for is gone, /m);
  const { messages } = await stranger.expect("listMessages", { with: "alice" }, "messages");
  assertEquals(messages.map(({ content }) => content), ["for bob's eyes"]);
});

processTest("send ends with 1 and says so if the recipient has changed", async () => {
  await using server = new ScriptedServer("only", ({ name }) => {
    const message = "the account that this message is meant for does not exist any more";
    const payload = { code: "recipient-changed", message } as const;
    return name === "sendMessage" ? { name: "error", payload } : undefined;
  });
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, PASSWORD, { mode: 0o600 });
  const flags = ["--server", `127.0.0.1:${server.port}`, "--password-file", file, "--user", "alice"];
  const ended = await runClient("for bob's eyes\n", "send", "bob", "-", "--json", ...flags);
  await Deno.remove(file);
  assertEquals(ended.code, 1);
  assertEquals(events(ended.stdout).map(({ text, status }) => [text, status]), [["for bob's eyes", "held"]]);
  assertMatch(ended.stderr, /^!! #a1 to bob is held: /);
  assertEquals(server.asked("sendMessage").length, 1);
});
