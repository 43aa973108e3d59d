import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { fastestMs, undelayed } from "../testing/attempts.ts";
import { processTest } from "../testing/permissions.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { SteadySends } from "../testing/steady_sends.ts";
import { TestClient } from "../testing/test_client.ts";

/** Time for which the server is frozen, ms. */
const FROZEN_MS = 2_000;

Deno.test("fastestMs() returns the shortest duration of several", async () => {
  const pauses = [60, 30, 90];
  const ms = await fastestMs(() => new Promise((resolve) => setTimeout(resolve, pauses.shift())));
  assertEquals(pauses, []);
  assertGreaterOrEqual(ms, 29);
});

/** Number of attempts that `undelayed` makes with these outcomes; its error, if it fails. */
async function attempts(outcomes: readonly (string | undefined)[]): Promise<number | string> {
  let made = 0;
  try {
    await undelayed("a thing", () => Promise.resolve(outcomes[made++]));
    return made;
  } catch (error) {
    return (error as Error).message;
  }
}

Deno.test("undelayed() fails if two of three attempts are delayed, and only then", async () => {
  assertEquals(await attempts([undefined]), 1);
  assertEquals(await attempts(["1 s", undefined, undefined]), 3);
  assertEquals(await attempts(["1 s", "2 s"]), "a thing, in two of 2 attempts: 1 s; 2 s");
  assertEquals(await attempts(["1 s", undefined, "2 s"]), "a thing, in two of 3 attempts: 1 s; 2 s");
});

processTest("SteadySends.delay() finds a server that stands still", async () => {
  await using server = await ServerProcess.start();
  await using ada = await TestClient.login(server.port, "ada");
  await using sends = new SteadySends(ada, "ada");
  await sends.settled();
  assertEquals(sends.delay(FROZEN_MS, 1), undefined);
  sends.reset();
  server.child.kill("SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, FROZEN_MS));
  server.child.kill("SIGCONT");
  await sends.settled();
  assert(sends.delay(FROZEN_MS / 10, 1) !== undefined);
});
