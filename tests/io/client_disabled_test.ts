import { assertEquals, assertMatch } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { clientCommand, ClientProcess } from "./client_process.ts";
import { Stage } from "./client_stage.ts";
import { runProgram } from "./commands_harness.ts";

/** The answer to a login: the word before the end of the session has no exclamation marks. */
const DISABLED = /!! the operator of this server has disabled this account; ask them to enable it/;

processTest("the console client says why its session ends, and why it cannot log in", async () => {
  await using stage = await Stage.set("alice");
  const flags = ["--user", "alice", ...stage.flags];
  await using client = new ClientProcess(clientCommand("run", "-", ...flags));
  await client.type("/status\n");
  await client.until(/a message that is stored now/);
  const act = await runProgram("users", "disable", "alice", `--data=${stage.server.data}`);
  assertEquals([act.status, act.stdout.includes("1 session ended here")], [0, true]);
  await client.until(DISABLED, "stderr");
  const { code, stderr } = await client.end();
  assertEquals(code, 4, stderr);
  assertMatch(stderr, /lost node1 \(the operator of this server has disabled this account/);

  await using again = new ClientProcess(clientCommand("run", "-", ...flags));
  await again.until(DISABLED, "stderr");
  assertEquals((await again.end()).code, 4);
});

processTest("the console client asks for the password that the operator has set", async () => {
  await using stage = await Stage.set("alice");
  await using client = new ClientProcess(clientCommand("run", "-", "--user", "alice", ...stage.flags));
  await client.type("/status\n");
  await client.until(/a message that is stored now/);
  const act = await runProgram("users", "password", "alice", "--make", `--data=${stage.server.data}`);
  assertEquals(act.status, 0);
  await client.until(/lost node1 \(the operator of this server has set another password/, "stderr");
  await client.until(/session of alice/, "stderr");
});
