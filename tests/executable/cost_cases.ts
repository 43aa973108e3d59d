/**
 * What the executables cost: bytes on disk, time until they are of use; tests, run by executables_test.ts.
 *
 * @module
 */

import { assertEquals, assertLessOrEqual } from "@std/assert";
import { freePort } from "../testing/free_port.ts";
import { eventually } from "../testing/eventually.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { runToEnd } from "./run_to_end.ts";
import { TemporaryFolder } from "./temporary_folder.ts";
import { executableTest } from "./tested_executables.ts";

/** How much an executable may be larger than the base runtime in it, bytes. */
const ADDED_BYTES_MAX = 3_000_000;

/** How long after the start of its process a node answers its first client, ms. */
const FIRST_CONNECTION_MS = 300;
/** How often that is tried: on a busy machine, the fastest start says what the program can do. */
const STARTS = 10;

executableTest("an executable is hardly larger than a base runtime", async ({ server, client }) => {
  await using folder = await TemporaryFolder.make();
  const bases = new Map([["an empty program", await sizeOfEmptyProgram(folder.path)]]);
  const runtime = Deno.env.get("DENORT_BIN");
  if (runtime !== undefined) bases.set("DENORT_BIN", (await Deno.stat(runtime)).size);
  for (const [name, path] of [["chat-server", server], ["chat-client", client]] as const) {
    const { size } = await Deno.stat(path);
    for (const [base, baseBytes] of bases) {
      console.log(`${name} has ${size} bytes, ${size - baseBytes} more than ${base}`);
      assertLessOrEqual(size - baseBytes, ADDED_BYTES_MAX);
    }
  }
});

/** Compiles a program that does nothing, with the same Deno; returns the size of the executable, bytes. */
async function sizeOfEmptyProgram(folder: string): Promise<number> {
  const compiler = Deno.env.get("DENO_COMPILER") ?? Deno.execPath();
  await Deno.writeTextFile(`${folder}/main.js`, "export {};\n");
  const words = [compiler, "compile", "--no-config", "--no-code-cache", "--output=empty", "main.js"];
  const { status, stderr } = await runToEnd(words, { folder });
  assertEquals(status, 0, stderr);
  return (await Deno.stat(`${folder}/empty`)).size;
}

executableTest("a node answers its first client soon after it was started", async ({ server }) => {
  const took: number[] = [];
  while (took.length < STARTS && !took.some((ms) => ms <= FIRST_CONNECTION_MS)) {
    took.push(await firstConnectionMs(server));
  }
  console.log(`first connection after ${took.map(Math.round).join(", ")} ms`);
  assertLessOrEqual(Math.min(...took), FIRST_CONNECTION_MS);
});

/** How long it takes from the start of a process with an empty log until a client has been greeted, ms. */
async function firstConnectionMs(program: string): Promise<number> {
  const port = freePort();
  const folder = await Deno.makeTempDir({ prefix: "chat-server-test-" });
  const beganMs = performance.now();
  await using running = ServerProcess.spawnIn(folder, `${folder}/data/node1`, [program, `--port=${port}`]);
  let connection: Deno.Conn | undefined;
  await eventually("the node listens", async () => {
    connection = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => undefined);
    return connection !== undefined || running.isOver;
  });
  await using _client = await TestClient.connect(port, connection);
  return performance.now() - beganMs;
}

executableTest("a client starts and ends", async ({ client }) => {
  const took: number[] = [];
  while (took.length < STARTS) {
    const beganMs = performance.now();
    assertEquals((await runToEnd([client, "--version"])).status, 0);
    took.push(performance.now() - beganMs);
  }
  console.log(`chat-client --version takes ${took.map(Math.round).join(", ")} ms`);
});
