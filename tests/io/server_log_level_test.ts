import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { runProgram } from "./commands_harness.ts";

const CONTENT = "a word that nobody may log";

/** The diagnostics of an event, parsed. */
function linesOf(server: ServerProcess, event: string): Readonly<Record<string, unknown>>[] {
  return server.stderr.split("\n").filter((line) => line.includes(`"event":"${event}"`)).map((line) =>
    JSON.parse(line)
  );
}

processTest("log-level shows each request for a while, then no more", async () => {
  await using server = await ServerProcess.start();
  const data = `--data=${server.data}`;
  await using client = await TestClient.login(server.port, "ann");
  await client.expect("ping", null, "pong");
  assertEquals(linesOf(server, "request"), []);
  const changed = await runProgram("log-level", "debug", "--for=30s", data);
  assertEquals(changed, {
    status: 0,
    stdout: "node1 logs at level debug for 30 s, then as it was started\n",
    stderr: "",
  });
  const { stdout } = await runProgram("status", data);
  assertMatch(stdout, /^log level {2}debug for another \d+ s$/m);
  await client.expect("sendMessage", { to: "ann", content: CONTENT }, "sent");
  await eventually("the request is logged", () => linesOf(server, "request").length > 0);
  const [line] = linesOf(server, "request");
  assertEquals([line?.["level"], line?.["request"], line?.["outcome"], line?.["session"]], [
    "debug",
    "sendMessage",
    "ok",
    1,
  ]);
  assertEquals(typeof line?.["ms"], "number");
  await eventually("the level of the start holds again", () => linesOf(server, "logLevel").length === 2);
  const shown = linesOf(server, "logLevel").map(({ shown, forMs }) => [shown, forMs]);
  assertEquals(shown, [["debug", 30_000], ["info", undefined]]);
  const before = linesOf(server, "request").length;
  await client.expect("ping", null, "pong");
  assertEquals(linesOf(server, "request").length, before);
  assertEquals((await runProgram("status", data)).stdout.includes("log level"), false);
  assertEquals(server.stderr.includes(CONTENT), false);
});

processTest("log-level with the level of the start ends a change at once", async () => {
  await using server = await ServerProcess.start();
  const data = `--data=${server.data}`;
  await runProgram("log-level", "debug", "--for=24h", data);
  const { status, stdout } = await runProgram("log-level", "info", data);
  assertEquals([status, stdout], [0, "node1 logs at level info, as it was started\n"]);
  const json = JSON.parse((await runProgram("status", "--json", data)).stdout);
  assertEquals("logLevel" in json, false);
});

processTest("log-level fails as status does where no node answers, and with 2 for what is none", async () => {
  await using server = await ServerProcess.start();
  const data = `--data=${server.data}`;
  for (const wrong of [["--for=25h"], ["--for=0s"], ["--for=10"]]) {
    const { status, stderr } = await runProgram("log-level", "debug", ...wrong, data);
    assertEquals(status, 2);
    assertStringIncludes(stderr, "is not a time from 1s to 24h; give a number and s, m or h, as 10m");
  }
  assertEquals((await runProgram("log-level", "loud", data)).status, 2);
  await server.kill();
  const killed = await runProgram("log-level", "debug", data);
  assertEquals([killed.status, killed.stdout], [1, ""]);
  assertStringIncludes(killed.stderr, "node1 is not running (nothing answers on");
  const nothing = await runProgram("log-level", "debug", `--data=${server.folder}/nothing`);
  assertEquals(nothing.status, 1);
  assertStringIncludes(nothing.stderr, "no node runs on the data folder");
});
