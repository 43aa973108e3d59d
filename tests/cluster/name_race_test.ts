import { assert, assertEquals, assertGreater } from "@std/assert";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { processTest } from "../testing/permissions.ts";
import { scale } from "../testing/scale.ts";
import { SeededNumbers } from "../testing/seeded_numbers.ts";
import { OriginalTestClient, TestClient } from "../testing/test_client.ts";

const ROUNDS = scale(50, 500);
/** Longest head start of one of the two, ms. */
const JITTER_MS = 4;
/** Number of rounds between two with a client of the original dialect. */
const ORIGINAL_EVERY = 5;

processTest("Reservations give a name that two people ask for at two nodes to one of them", async () => {
  await using cluster = await ClusterProcesses.start();
  const random = new SeededNumbers(10);
  const wins = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const [first, second] = twoOf(cluster, random);
    const name = `name${round}`;
    const isOriginal = round % ORIGINAL_EVERY === 0;
    await using one = await TestClient.connect(first.port);
    await using two = isOriginal
      ? await OriginalTestClient.connect(second.port)
      : await TestClient.connect(second.port);
    // Both get the reply that the name is free.
    for (const client of [one, two]) {
      assertEquals((await client.ask("startLogin", { name })).name, "userNotExisting");
    }
    const replies = await Promise.all([one, two].map(async (client) => {
      await new Promise((resolve) => setTimeout(resolve, random.below(JITTER_MS)));
      return await client.ask("finishLogin", { password: `password ${random.next()}` });
    }));
    const winners = replies.filter((reply) => reply.name === "loginSuccess");
    assertEquals(winners.length, 1, `round ${round}: ${JSON.stringify(replies)}`);
    const loser = replies.find((reply) => reply.name !== "loginSuccess");
    if (loser === replies[1] && isOriginal) assertEquals(loser?.name, "loginFailed");
    else {assert(
        loser?.name === "error" && JSON.stringify(loser).includes('"name-taken"'),
        JSON.stringify(loser),
      );}
    const winner = loser === replies[0] ? "second" : "first";
    wins.set(winner, (wins.get(winner) ?? 0) + 1);
  }
  const { state } = await cluster.sameLogs();
  const names = [...state.accounts.values()].map(({ name }) => name);
  assertEquals(names.filter((name) => name.includes("~")), []);
  assertEquals(new Set(names).size, ROUNDS);
  console.log(`${ROUNDS} names, each given once: ${JSON.stringify(Object.fromEntries(wins))}`);
  assertGreater(wins.get("first") ?? 0, 0);
  assertGreater(wins.get("second") ?? 0, 0);
});

function twoOf(cluster: ClusterProcesses, random: SeededNumbers): [ClusterNode, ClusterNode] {
  const first = random.pick(cluster.nodes);
  return [first, random.pick(cluster.nodes.filter((node) => node !== first))];
}
