import { assert, assertEquals, assertGreater } from "@std/assert";
import { encodeFrame } from "../../common/wire/frame.ts";
import { processTest } from "../testing/permissions.ts";
import { RawClient } from "../testing/raw_client.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { OriginalTestClient, TestClient } from "../testing/test_client.ts";

const PASSWORD = "correct horse battery";
const WRONG_PASSWORD = "wrong zebra battery";
const NEXT_PASSWORD = "another donkey battery";
/** Number of connections allowed within a minute; the log reports the refusal of others. */
const CONNECTIONS = 10;
const CONTENT = "meet me at the harbour";

processTest("ServerProcess logs one JSON object a line, and no secret, at --log-level=debug", async () => {
  const perMinute = { badFramesPerMinute: 3, newConnectionsPerMinute: CONNECTIONS };
  const limits = { ...QUICK.limits, ...perMinute, frameBytesBeforeLogin: 512, loopbackExempt: false };
  await using server = await ServerProcess.start({ flags: ["--log-level=debug"], configuration: { limits } });
  const tokens = await converse(server.port);
  await misbehave(server.port);
  assertEquals((await server.stop()).code, 0);
  const lines = server.stderr.trimEnd().split("\n");
  for (const line of lines) {
    const { time, level, event, node } = JSON.parse(line);
    assertEquals(new Date(time).toISOString(), time);
    assert(["debug", "info", "warn", "error"].includes(level), line);
    assertEquals([typeof event, node], ["string", "node1"]);
  }
  const secrets = [PASSWORD, WRONG_PASSWORD, NEXT_PASSWORD, CONTENT, ...tokens, "$2b$", "$2a$"];
  for (const secret of secrets) {
    assert(secret.length > 3 && !server.stderr.includes(secret), `the log says ${secret}`);
    assert(!server.stdout.includes(secret), `the output says ${secret}`);
  }
  console.log(`${lines.length} lines logged, looked for ${secrets.length} secrets`);
  assertGreater(lines.filter((line) => line.includes("connectionRefused")).length, 0);
});

/** A conversation with secrets of every kind: passwords, tokens and contents; returns the tokens. */
async function converse(port: number): Promise<string[]> {
  await using alice = await TestClient.connect(port);
  await alice.expect("startLogin", { name: "alice" }, "userNotExisting");
  const { token } = await alice.expect("finishLogin", { password: PASSWORD }, "loginSuccess");
  await alice.expect("finishLogin", { password: WRONG_PASSWORD }, "loginFailed");
  const { id } = await alice.expect("sendMessage", { to: "alice", content: CONTENT }, "sent");
  await alice.expect("sendMessage", { to: "nobody", content: CONTENT }, "error");
  await alice.expect("sendMessage", { to: "alice", content: `${CONTENT} now`, id }, "error");
  await alice.expect("changePassword", { old: WRONG_PASSWORD, new: NEXT_PASSWORD }, "error");
  await alice.expect("changePassword", { old: PASSWORD, new: NEXT_PASSWORD }, "ok");
  await using resumed = await TestClient.connect(port);
  await resumed.expect("resume", { token }, "loginSuccess");
  await resumed.expect("logout", null, "ok");
  await resumed.expect("resume", { token }, "loginFailed");
  await using original = await OriginalTestClient.connect(port);
  await original.ask("startLogin", { name: "alice" });
  assertEquals((await original.ask("finishLogin", { password: PASSWORD })).name, "loginFailed");
  assertEquals((await original.ask("finishLogin", { password: NEXT_PASSWORD })).name, "loginSuccess");
  await original.send("sendMessage", { to: "alice", content: CONTENT });
  assertEquals((await original.ask("listMessages", { with: "alice" })).name, "messages");
  return [token];
}

/** Sends secrets in malformed frames and on refused connections. */
async function misbehave(port: number): Promise<void> {
  const secret = new TextEncoder().encode(`${PASSWORD} ${CONTENT}`);
  await using confused = await RawClient.connect(port);
  for (const type of [2, 3, 77]) await confused.sendBytes(encodeFrame(type, (writer) => writer.raw(secret)));
  await confused.rest();
  await using tooLong = await RawClient.connect(port);
  await tooLong.sendBytes(encodeFrame(1, (writer) => writer.raw(new Uint8Array(1_024))));
  await tooLong.rest();
  for (let count = 0; count < CONNECTIONS; count++) {
    await using refused = await RawClient.connect(port);
    await refused.send("startLogin", { name: "alice" });
    await refused.send("finishLogin", { password: PASSWORD });
    await refused.read();
  }
}
