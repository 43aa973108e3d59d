/**
 * Effects of signals and keys on the executables; executables_test.ts runs the tests.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { PASSWORD } from "../io/client_process.ts";
import { type Person, type Size, Tmux } from "../terminal/tmux.ts";
import type { Executables } from "../testing/executables.ts";
import { freePort } from "../testing/free_port.ts";
import { Load } from "../testing/load.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { whyNoTerminal } from "../testing/terminal_window.ts";
import { TestClient } from "../testing/test_client.ts";
import { executableTest } from "./tested_executables.ts";

const SIZE: Size = { columns: 60, rows: 14 };

/** Time limit of a stop, ms: two seconds, and as much again twice for a busy machine. */
const STOP_MS = 6_000;

/** Number of kills on one data folder, and work before each, ms. */
const KILLS = 3;
const WORK_MS = 300;

const noTerminal = await whyNoTerminal();

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  executableTest(`chat-server ends with 0 after ${signal}, and says so`, async ({ server: program }) => {
    await using server = await ServerProcess.start({ program: [program] });
    await using alice = await TestClient.login(server.port, "alice");
    const beganMs = performance.now();
    const { code } = await server.stop(signal);
    const tookMs = performance.now() - beganMs;
    console.log(`${signal}: ended with ${code} after ${Math.round(tookMs)} ms`);
    assertEquals(code, 0, server.stderr);
    assertLess(tookMs, STOP_MS);
    assertMatch(server.stderr, /"event":"stopped".*"clean":true/);
    await alice.closed;
    assert(alice.pushes.items.some(({ name }) => name === "closing"), "CLOSING is pushed");
  });
}

executableTest("chat-server reads its configuration again after SIGHUP", async ({ server: program }) => {
  await using server = await ServerProcess.start({ program: [program] });
  const file = `${server.folder}/cluster_config.json`;
  const configuration = JSON.parse(await Deno.readTextFile(file));
  const node2 = { name: "node2", tcp: { host: "127.0.0.1", port: freePort() }, grpc: { port: freePort() } };
  configuration.nodes.push(node2);
  await Deno.writeTextFile(file, JSON.stringify(configuration));
  server.child.kill("SIGHUP");
  await server.waitFor(() => /"event":"reloaded"|"next"/.test(server.stderr));
  assertStringIncludes(server.stderr, '"peers":"node2"');
  await using alice = await TestClient.login(server.port, "alice");
  const { nodes } = await alice.expect("sendMessage", { to: "alice", content: "note" }, "sent");
  assertEquals(nodes, 2);
});

executableTest("chat-server keeps everything acknowledged when it is killed", async ({ server: program }) => {
  const load = new Load(11);
  await using first = await ServerProcess.start({ program: [program] });
  const { data } = first;
  await load.register(first.port);
  await first.kill();
  let compared = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    {
      await using server = await ServerProcess.start({ program: [program], data });
      const working = load.work(server.port);
      await new Promise((resolve) => setTimeout(resolve, WORK_MS));
      await server.kill();
      await working;
    }
    await using server = await ServerProcess.start({ program: [program], data });
    compared = await load.verify(server.port);
  }
  console.log(`${KILLS} kills, ${compared} messages compared: ${load.summary()}`);
  assertGreater(compared, 0);
});

executableTest("chat-client ends with Ctrl-C, Ctrl-D and signals as its manual says", async (executables) => {
  const ends: readonly (readonly [string, (alice: Person) => Promise<void>])[] = [
    ["Ctrl-C twice", async (alice) => {
      await alice.type("not to be sent");
      await alice.press("C-c");
      await alice.seesRow(/^\(no chat\)>$/);
      await alice.press("C-c");
    }],
    ["Ctrl-D", (alice) => alice.press("C-d")],
    ["SIGTERM", (alice) => alice.signal("TERM")],
    ["SIGHUP", (alice) => alice.signal("HUP")],
  ];
  await using server = await ServerProcess.start({ program: [executables.server] });
  await (await TestClient.login(server.port, "alice", PASSWORD))[Symbol.asyncDispose]();
  for (const [, end] of ends) await endsByItself(executables, server, end);
  console.log(`ended by ${ends.map(([name]) => name).join(", ")}`);
}, noTerminal);

async function endsByItself(
  { client }: Executables,
  { folder, port }: ServerProcess,
  end: (alice: Person) => Promise<void>,
): Promise<void> {
  await Deno.writeTextFile(`${folder}/password`, PASSWORD, { mode: 0o600 });
  const flags = ["--server", `127.0.0.1:${port}`, "--user", "alice", "--password-file", `${folder}/password`];
  await using tmux = new Tmux([client]);
  const alice = await tmux.client("alice", SIZE, "", ...flags);
  const welcome = "-- you are alice on node1; /help lists the commands";
  await alice.sees(welcome, "(no chat)>");
  await end(alice);
  await alice.sees(welcome, "ended with 0", " icanon", " echo");
}
