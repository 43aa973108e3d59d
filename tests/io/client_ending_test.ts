import { assertEquals, assertMatch } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { clientCommand, ClientProcess } from "./client_process.ts";
import { Stage } from "./client_stage.ts";

/** A client that has a message for a node that is gone. */
async function waiting(stage: Stage, timeout: string): Promise<ClientProcess> {
  const client = new ClientProcess(
    clientCommand("run", "-", "--user", "alice", ...stage.flags, "--timeout", timeout),
  );
  await client.type("/status\n");
  await client.until(/a message that is stored now/);
  await stage.server.kill();
  await client.until(/lost node1/, "stderr");
  await client.type("/msg bob hello\n");
  return client;
}

processTest(
  "a signal ends a script with messages that wait: it says how many, tries, and ends with 3",
  async () => {
    for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
      await using stage = await Stage.set("alice", "bob");
      await using client = await waiting(stage, "4s");
      // Signals before the line is read would find nothing that waits.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      client.signal(signal);
      await client.until(/1 message not confirmed yet; the program ends once they are, or in 4 s/, "stderr");
      const { code, stderr } = await client.end();
      assertEquals(code, 3, stderr);
      assertMatch(stderr, /!! not sent: 1 queued message\n/);
    }
  },
);

processTest("the end of the input does not lose a message without a word either", async () => {
  await using stage = await Stage.set("alice", "bob");
  await using client = await waiting(stage, "3s");
  const { code, stderr } = await client.end();
  assertEquals(code, 3);
  assertMatch(stderr, /!! not sent: 1 queued message\n/);
});

processTest("a signal ends a script that has nothing to send with the status of shells", async () => {
  await using stage = await Stage.set("alice");
  for (const [signal, status] of [["SIGTERM", 143], ["SIGHUP", 129], ["SIGINT", 130]] as const) {
    await using client = stage.start("tail", "--user", "alice");
    await client.until(/you are alice/, "stderr");
    client.signal(signal);
    const { code, stderr } = await client.end();
    assertEquals([code, stderr.includes("!!")], [status, false], stderr);
  }
});

processTest("a frozen node ends a script with 3, whatever went wrong before, and says so once", async () => {
  await using stage = await Stage.set("alice", "bob");
  await using client = new ClientProcess(
    clientCommand("run", "-", "--user", "alice", ...stage.flags, "--timeout", "3s"),
  );
  await client.type("/status\n");
  await client.until(/a message that is stored now/);
  stage.server.child.kill("SIGSTOP");
  await client.type("/msg bob hello\n");
  await client.until(/!! /, "stderr");
  client.signal("SIGTERM");
  client.signal("SIGTERM");
  const { code, stderr } = await client.end();
  stage.server.child.kill("SIGCONT");
  assertEquals(code, 3, stderr);
  assertEquals(stderr.split("not known whether stored: 1 message").length, 2, stderr);
});
