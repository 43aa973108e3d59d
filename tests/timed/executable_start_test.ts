import { assert, assertLessOrEqual } from "@std/assert";
import { executableTest } from "../executable/tested_executables.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

/** Time limit of a node's answer to its first client after the start of its process, ms. */
const FIRST_CONNECTION_MS = 300;
/** The same on a busy machine, as a multiple of the time in which the program tells its version at best. */
const OF_VERSION = 4;
/** Most attempts, which end with a quick one: on a busy machine, the fastest start shows the program. */
const STARTS = 40;

executableTest("a node answers its first client soon after it was started", async ({ server }) => {
  const took: number[] = [];
  let versionMs = Infinity;
  const limitMs = (): number => Math.max(FIRST_CONNECTION_MS, OF_VERSION * versionMs);
  do {
    took.push(await firstConnectionMs(server));
    versionMs = Math.min(versionMs, await toldVersionMs(server));
  } while (took.length < STARTS && !took.some((ms) => ms <= limitMs()));
  const shown = took.map(Math.round).join(", ");
  console.log(`first connection after ${shown} ms; the version is told after ${Math.round(versionMs)} ms`);
  assertLessOrEqual(Math.min(...took), limitMs());
});

/** Time in which the program tells its version, ms. */
async function toldVersionMs(program: string): Promise<number> {
  const beganMs = performance.now();
  const { success } = await new Deno.Command(program, { args: ["--version"] }).output();
  assert(success);
  return performance.now() - beganMs;
}

/** Time from the start of a process with an empty log to the greeting of a client, ms. */
async function firstConnectionMs(program: string): Promise<number> {
  const port = freePort();
  const folder = await Deno.makeTempDir({ prefix: "chat-server-test-" });
  const beganMs = performance.now();
  await using running = ServerProcess.spawnIn(folder, `${folder}/data/node1`, [
    program,
    `--port=${port}`,
    "--no-web",
  ]);
  let client: TestClient | undefined;
  // A start tries its port out and lets go of it: who connects at that moment is cut off.
  await eventually("the node answers", async () => {
    client = await TestClient.connect(port).catch(() => undefined);
    return client !== undefined || running.isOver;
  });
  const ms = performance.now() - beganMs;
  assert(client !== undefined, running.stderr);
  await client[Symbol.asyncDispose]();
  return ms;
}
