import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Limits } from "../../common/limits.ts";
import { runToEnd } from "../executable/run_to_end.ts";
import { awayFromMidnight } from "../testing/midnight.ts";
import { processTest } from "../testing/permissions.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { OriginalTestClient, TestClient } from "../testing/test_client.ts";
import { VersionBefore } from "../testing/version_before.ts";
import { PASSWORD, runClient } from "./client_process.ts";
import { runProgram } from "./commands_harness.ts";

/** Bytes that an entry counts beside the content of a message. */
const OVERHEAD = 1_024;

const CONTENT = "x".repeat(1_000);

interface Told {
  readonly code: string;
  readonly message: string;
  readonly retryAfter?: number;
}

/** A server with these limits, and no others within a test's reach. */
function startWith(limits: Partial<Limits>, data?: string): Promise<ServerProcess> {
  const configuration = { limits: { ...QUICK.limits, ...limits } };
  return ServerProcess.start(data === undefined ? { configuration } : { configuration, data });
}

/** Sends until a message is refused; returns the number of those that were taken, and the refusal. */
async function sendUntilRefused(
  client: TestClient,
  to: string,
  content = CONTENT,
): Promise<{ readonly sent: number; readonly told: Told }> {
  for (let sent = 0;; sent++) {
    const reply = await client.ask("sendMessage", { to, content });
    if (reply.name === "error") return { sent, told: reply.payload };
    assertEquals(reply.name, "sent");
  }
}

processTest(
  "ServerProcess keeps to inboxMessages and inboxBytes in both dialects, and after a crash",
  async () => {
    const limits = { inboxMessages: 20, inboxBytes: 10_500 };
    await using server = await startWith(limits);
    await using alice = await TestClient.login(server.port, "alice");
    await (await TestClient.login(server.port, "bob"))[Symbol.asyncDispose]();
    const long = await sendUntilRefused(alice, "bob");
    assertEquals([long.sent, long.told.code], [10, "inbox-full"]);
    assertMatch(
      long.told.message,
      /10000 bytes, this one has 1000, and the limit is 10500 \(inboxBytes\); .* read/,
    );
    const short = await sendUntilRefused(alice, "bob", "hey");
    assertEquals([short.sent, short.told.code], [10, "inbox-full"]);
    assertMatch(
      short.told.message,
      /20 unread messages and the limit is 20 \(inboxMessages\); .* read or deleted/,
    );

    await using old = await OriginalTestClient.login(server.port, "old");
    await old.send("sendMessage", { to: "bob", content: "not stored" });
    assertEquals(await old.ask("listMessages", { with: "bob" }), { name: "messages", payload: [] });

    await server.kill();
    await using again = await startWith(limits, server.data);
    await using back = await TestClient.login(again.port, "alice");
    assertEquals((await sendUntilRefused(back, "bob", "hey")).sent, 0, "counted as before");
    const status = await runProgram("status", `--data=${again.data}`, "--json");
    assertEquals(JSON.parse(status.stdout).largestInbox, { name: "bob", messages: 20, bytes: 10_030 });
    assertEquals(JSON.parse(status.stdout).largestSender.name, "alice");
    await using reader = await TestClient.login(again.port, "bob");
    await reader.expect("readMessages", { with: "alice" }, "ok");
    await using older = await OriginalTestClient.login(again.port, "old");
    await older.send("sendMessage", { to: "bob", content: "stored" });
    const { payload } = await older.ask("listMessages", { with: "bob" });
    assertEquals((payload as readonly { content: string }[]).map(({ content }) => content), ["stored"]);
    const report = (await runProgram("status", `--data=${again.data}`)).stdout;
    assertStringIncludes(report, "inbox     largest: bob, unread: 1, of 6 B\n");
    assertStringIncludes(report, "stored    most today: alice, 3");
  },
);

processTest(
  "ServerProcess keeps to storedBytes of a day, and after a stop, whatever was deleted",
  async () => {
    await awayFromMidnight();
    const limits = { storedBytes: 30 * OVERHEAD, inboxMessages: 0, inboxBytes: 0 };
    await using server = await startWith(limits);
    await using alice = await TestClient.login(server.port, "alice");
    await using bob = await TestClient.login(server.port, "bob");
    const { sent, told } = await sendUntilRefused(alice, "bob");
    // The login has stored a token and an address.
    assertEquals([sent, told.code], [Math.floor(28 * OVERHEAD / (OVERHEAD + 1_000)), "quota"]);
    assertMatch(
      told.message,
      /^you have stored 30384 bytes today, .* 30720 \(storedBytes\); try again in .* min, after 00:00 UTC$/,
    );
    const { retryAfter = 0 } = told;
    assert(retryAfter > 0 && retryAfter <= 86_400, `retryAfter is ${retryAfter}`);
    const { messages } = await bob.expect("listMessages", { with: "alice" }, "messages");
    assertEquals(messages.length, sent);
    const ids = messages.map(({ id }) => id);
    assertEquals(await alice.expect("deleteMessages", { ids }, "ok"), { count: sent });
    assertEquals((await sendUntilRefused(alice, "bob")).sent, 0, "deleting gives nothing back");
    assertEquals((await server.stop()).code, 0);

    await using again = await startWith(limits, server.data);
    await using back = await TestClient.login(again.port, "alice");
    const after = await sendUntilRefused(back, "bob");
    assertEquals([after.sent, after.told.code], [0, "quota"]);
    await using old = await OriginalTestClient.login(again.port, "alice");
    await old.send("sendMessage", { to: "bob", content: CONTENT });
    assertEquals(await old.ask("listMessages", { with: "bob" }), { name: "messages", payload: [] });
    await using other = await TestClient.login(again.port, "bob");
    assertEquals((await other.ask("sendMessage", { to: "alice", content: CONTENT })).name, "sent");
  },
);

processTest("the client says why a message was not sent, and ends with 5", async () => {
  await awayFromMidnight();
  const limits = { inboxMessages: 1, storedBytes: 5 * OVERHEAD };
  await using server = await startWith(limits);
  const file = `${server.folder}/password`;
  await Deno.writeTextFile(file, PASSWORD, { mode: 0o600 });
  for (const name of ["bob", "cid", "dan"]) {
    await (await TestClient.login(server.port, name))[Symbol.asyncDispose]();
  }
  const flags = ["--server", `127.0.0.1:${server.port}`, "--password-file", file, "--user", "alice"];
  const script = "/msg bob one\n/msg bob two\n/msg cid three\n/msg dan four\n";
  const run = await runClient(script, "run", "-", "--json", "--register", ...flags);
  assertEquals(run.code, 5, run.stderr);
  const texts = run.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(texts.map(({ text, status }) => [text, status]), [["one", "unread"], ["three", "unread"]]);
  assertMatch(run.stderr, /^!! #a2 to bob was not sent: bob has 1 unread message and the limit is 1 /m);
  assertMatch(
    run.stderr,
    /^!! #a4 to dan was not sent: you have stored \d+ bytes today, .*\(storedBytes\); try again in .*UTC$/m,
  );
  const sent = await runClient("", "send", "bob", "five", ...flags);
  assertEquals([sent.code, sent.stdout], [5, ""], sent.stderr);
  assertMatch(sent.stderr, /was not sent: bob has 1 unread message /);
});

processTest("a client of version 1.0.0 says why a message was not sent, and ends", async () => {
  await using server = await startWith({ inboxMessages: 1 });
  await using before = await VersionBefore.unpack();
  const file = `${server.folder}/password`;
  await Deno.writeTextFile(file, PASSWORD, { mode: 0o600 });
  await (await TestClient.login(server.port, "bob"))[Symbol.asyncDispose]();
  await (await TestClient.login(server.port, "alice", PASSWORD))[Symbol.asyncDispose]();
  const flags = ["--server", `127.0.0.1:${server.port}`, "--password-file", file, "--user", "alice"];
  const words = before.clientCommand("send", "bob", "one", ...flags);
  const first = await runToEnd(words);
  assertEquals(first.status, 0, first.stderr);
  const second = await runToEnd(words);
  assertEquals(second.status, 1, second.stderr);
  assertMatch(second.stderr, /was not sent: bob has 1 unread message and the limit is 1 \(inboxMessages\)/);
});
