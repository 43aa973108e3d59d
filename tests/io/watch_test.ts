import { assertEquals } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";

const WATCHERS = 20;
const CROWD = 60;

/** A client that watches, and the changes that it has been told. */
async function watcher(port: number, name: string): Promise<TestClient> {
  const client = await TestClient.login(port, name);
  await client.expect("useFeatures", { use: ["watch"] }, "ok");
  return client;
}

function told(client: TestClient): string[] {
  return client.pushes.items.splice(0).map((push) => {
    if (push.name !== "person") return push.name;
    const { name, change, to } = push.payload;
    return [name, change, to].filter((each) => each !== undefined).join(" ");
  });
}

/** Waits until a client has been told a change; returns the time it took, ms. */
async function untilTold(
  client: TestClient,
  change: string,
  sinceMs: number,
  all: string[],
): Promise<number> {
  await eventually(change, () => {
    all.push(...told(client));
    return all.includes(change);
  });
  return performance.now() - sinceMs;
}

processTest(
  "who watches the list over a socket sees who registers, comes, goes and leaves",
  async () => {
    await using server = await ServerProcess.start({ configuration: QUICK });
    await using eve = await watcher(server.port, "eve");
    await using zoe = await watcher(server.port, "zoe");
    await using plain = await TestClient.login(server.port, "plain");
    await eve.expect("watchPeople", { people: { match: "*", limit: 500 } }, "ok");
    await zoe.expect("watchPeople", { names: ["nobody"] }, "ok");
    const all: string[] = [];
    const times: number[] = [];
    let sinceMs = performance.now();
    const bob = await TestClient.login(server.port, "bob");
    times.push(
      await untilTold(eve, "bob created", sinceMs, all),
      await untilTold(eve, "bob online", sinceMs, all),
    );
    sinceMs = performance.now();
    await bob[Symbol.asyncDispose]();
    times.push(await untilTold(eve, "bob offline", sinceMs, all));
    await using back = await TestClient.login(server.port, "bob");
    sinceMs = performance.now();
    await back.expect("deleteAccount", { password: "password of bob" }, "ok");
    times.push(await untilTold(eve, "bob deleted", sinceMs, all));
    const about = all.filter((each) => each.startsWith("bob ") && each !== "bob online");
    assertEquals(about, ["bob created", "bob offline", "bob deleted"]);
    assertEquals([told(zoe), told(plain)], [[], []], "nobody else is told");
    console.log(`${times.length} changes were told after ${times.map((ms) => ms.toFixed()).join(", ")} ms`);
  },
);

processTest("many who watch a crowd that comes all at once know all of them soon", async () => {
  await using server = await ServerProcess.start({ configuration: QUICK });
  const crowd = Array.from({ length: CROWD }, (_, i) => `c${String(i).padStart(3, "0")}`);
  const watchers = await Promise.all(
    Array.from({ length: WATCHERS }, (_, i) => watcher(server.port, `watcher${i}`)),
  );
  for (const [i, client] of watchers.entries()) {
    const watched = i % 2 === 0 ? { people: { match: "c*", limit: CROWD } } : { names: crowd };
    await client.expect("watchPeople", watched, "ok");
  }
  const clients = await Promise.all(crowd.map((name) => TestClient.login(server.port, name)));
  const known = watchers.map(() => new Map<string, string>());
  let pushes = 0;
  const sinceMs = performance.now();
  await eventually("everybody knows that all are online", () => {
    for (const [i, client] of watchers.entries()) {
      for (const text of told(client)) {
        const [name = "", change = ""] = text.split(" ");
        known[i]?.set(name, change);
        pushes++;
      }
    }
    return known.every((each) =>
      each.size === CROWD && [...each.values()].every((change) => change === "online")
    );
  });
  const ms = performance.now() - sinceMs;
  assertEquals(new Set(known.map((each) => JSON.stringify([...each].sort()))).size, 1);
  console.log(
    `${pushes} pushes told ${WATCHERS} clients of ${CROWD} people, the last ${ms.toFixed()} ms after the logins`,
  );
  for (const client of [...clients, ...watchers]) await client[Symbol.asyncDispose]();
});

processTest("WATCH without the feature is refused, and the connection goes on", async () => {
  await using server = await ServerProcess.start({ configuration: QUICK });
  await using ann = await TestClient.login(server.port, "ann");
  const reply = await ann.ask("watchPeople", { people: { limit: 10 } });
  assertEquals(reply.name === "error" && reply.payload.code, "unknown-request");
  await ann.expect("ping", null, "pong");
});
