import { assert, assertEquals, assertGreaterOrEqual, assertRejects } from "@std/assert";
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

Deno.test("undelayed() fails if every attempt is delayed, and only then", async () => {
  const delays = ["1 s", "2 s", undefined];
  await undelayed("one attempt of three", () => Promise.resolve(delays.shift()));
  assertEquals(delays, []);
  await assertRejects(
    () => undelayed("no attempt", () => Promise.resolve("1 s")),
    Error,
    "no attempt, in each of 3 attempts: 1 s; 1 s; 1 s",
  );
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
