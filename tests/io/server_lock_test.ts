import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

processTest(
  "ServerProcess lets nobody else have its data folder, and frees it when it is killed",
  async () => {
    const races = scale(5, 50);
    await using first = await ServerProcess.start();
    const { data } = first;
    await TestClient.login(first.port, "alice").then((alice) => alice[Symbol.asyncDispose]());
    const log = await Deno.readTextFile(`${data}/log/00000001.jsonl`);
    await using second = await ServerProcess.spawn({ data });
    assertEquals(await second.ended(), 1);
    await second.stop();
    assertEquals(second.stdout, "");
    assertStringIncludes(second.stderr, `${data} is in use by node node1 (process ${first.child.pid})`);
    assertStringIncludes(second.stderr, "--data");
    assertEquals((await Deno.readTextFile(`${data}/log/00000001.jsonl`)).slice(0, log.length), log);
    await TestClient.login(first.port, "alice").then((alice) => alice[Symbol.asyncDispose]());
    await first.kill();
    for (let race = 1; race <= races; race++) await oneWins(data);
    console.log(`${races} races for one folder, each with one winner`);
  },
);

/** Two start at the same time: one serves, the other goes. */
async function oneWins(data: string): Promise<void> {
  await using left = await ServerProcess.spawn({ data });
  await using right = await ServerProcess.spawn({ data });
  await eventually("one of two servers ends", () => left.isOver || right.isOver);
  const [loser, winner] = left.isOver ? [left, right] : [right, left];
  assertEquals(await loser.ended(), 1);
  assertStringIncludes(loser.stderr, "is in use by");
  await winner.waitFor(() => winner.stdout.includes("its data is in"));
  await using alice = await TestClient.connect(winner.port);
  await alice.expect("startLogin", { name: "alice" }, "userExisting");
  await winner.kill();
}

processTest("ServerProcess leaves its data alone when its port is taken", async () => {
  await using first = await ServerProcess.start();
  await using before = await ServerProcess.start();
  await TestClient.login(before.port, "alice").then((alice) => alice[Symbol.asyncDispose]());
  assertEquals((await before.stop()).code, 0);
  const files = contents(before.data);
  await using second = await ServerProcess.spawn({ data: before.data, port: first.port });
  assertEquals(await second.ended(), 1);
  assertEquals(second.stdout, "");
  assertStringIncludes(
    second.stderr,
    `chat-server: cannot listen on 127.0.0.1 port ${first.port}, which another program has: stop that ` +
      "program, or choose another port with --port PORT, or in the configuration\n",
  );
  assertEquals(contents(before.data), files);
  assertGreater(files.size, 1);
  await using again = await ServerProcess.start({ data: before.data });
  assert(again.stdout.includes("(1 account, 0 messages)"));
});

/** The log, and the report that it is whole. */
function contents(data: string): Map<string, string> {
  return new Map(
    ["log/00000001.jsonl", "clean"].map((name) => [name, Deno.readTextFileSync(`${data}/${name}`)]),
  );
}
