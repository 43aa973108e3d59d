import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import type { NodeStatus } from "../../server/admin/node_status.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { FalseClock, whyNoFalseClock } from "../testing/false_clock.ts";
import { processTest } from "../testing/permissions.ts";
import type { TestClient } from "../testing/test_client.ts";

const HOUR_MS = 3_600_000;

/** Tolerance, ms: the lead of a stamp shrinks while the test goes on. An hour is far beyond it. */
const ABOUT_MS = 60_000;

const reason = await whyNoFalseClock();

clockTest(
  "nodes part while the clock of one is an hour off, and an answer stands behind its question",
  async () => {
    for (const aheadMs of [HOUR_MS, -HOUR_MS]) await jumpAndReturn(aheadMs);
  },
);

function clockTest(name: string, run: () => Promise<void>): void {
  if (reason === undefined) processTest(name, run);
  else Deno.test({ name: `${name} (ignored: ${reason})`, ignore: true, fn: run });
}

async function jumpAndReturn(aheadMs: number): Promise<void> {
  await using clock = await FalseClock.make();
  await using cluster = await ClusterProcesses.start({ wrappers: { node1: clock.words } });
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  await using ann = await one.login("ann");
  await using bob = await two.login("bob");
  await using cy = await one.login("cy");
  await cluster.settled();
  await send(bob, "ann", "before");
  await cluster.settled();

  await clock.set(aheadMs);
  const parted = await partedAfter(one, two, aheadMs);
  assertAbout((await statusOf(one)).clock?.jumpedMs, aheadMs);
  await one.server.waitFor(() => one.server.stderr.includes('"event":"clockJumped"'));
  const question = await send(ann, "bob", "question");
  assertEquals(question.copies, 1);
  assertEquals((await send(bob, "cy", "meanwhile")).copies, 2);

  await clock.set(0);
  await cluster.settled();
  assertAbout((await statusOf(one)).clock?.jumpedMs, -aheadMs);
  const answer = await send(bob, "ann", "answer");
  assertGreater(answer.timestamp, question.timestamp);
  const other = await send(ann, "cy", "to somebody else");
  assertAbout(other.timestamp * 1_000, Date.now());
  await cluster.settled();
  await using reader = await three.login("ann");
  assertEquals(await textsOf(reader, "bob"), ["before", "question", "answer"]);
  assertEquals(await textsOf(ann, "bob"), ["before", "question", "answer"]);
  assertEquals((await send(cy, "ann", "all are there")).copies, 3);
  await checkStamps(one, aheadMs);
  const { entries } = await cluster.sameLogs();
  console.log(
    `${aheadMs / 1_000} s off: parted after ${parted} ms; ${entries} entries are the same everywhere`,
  );
}

/** Time until the node with the wrong clock and the others have parted, ms. */
async function partedAfter(one: ClusterNode, two: ClusterNode, aheadMs: number): Promise<number> {
  const begun = performance.now();
  await eventually("the node with the wrong clock is alone", async () => {
    const [here, there] = [await one.peers(), await two.peers()];
    return here.join() === "node2 refused,node3 refused" && there.join() === "node1 refused,node3 in sync";
  });
  const parted = Math.round(performance.now() - begun);
  const { peers } = await statusOf(two);
  const text = new RegExp(
    `the clocks of node[12] and node[12] are 3[56]\\d\\d s apart and the limit is 60 s`,
  );
  assert(text.test(peers[0]?.reason ?? ""), `${aheadMs}: ${peers[0]?.reason}`);
  return parted;
}

/** A log with stamps ahead of the clock is warned of at the start, and in the status. */
async function checkStamps(one: ClusterNode, aheadMs: number): Promise<void> {
  await one.end();
  await one.start();
  const isAhead = aheadMs > 0;
  const isWarned = (): boolean => one.server.stderr.includes('"event":"stampsAhead"');
  if (isAhead) await one.server.waitFor(isWarned);
  const { clock } = await statusOf(one);
  if (isAhead) assertAbout(clock?.stampsAheadMs, aheadMs);
  else assertEquals([clock, isWarned()], [undefined, false]);
}

async function statusOf(node: ClusterNode): Promise<NodeStatus> {
  const status = await node.status();
  assert(status !== undefined, `${node.name} does not tell its status`);
  return status;
}

async function send(
  client: TestClient,
  to: string,
  content: string,
): Promise<{ readonly timestamp: number; readonly copies: number }> {
  return await client.expect("sendMessage", { to, content, id: crypto.randomUUID() }, "sent");
}

async function textsOf(client: TestClient, name: string): Promise<string[]> {
  const { messages } = await client.expect("listMessages", { with: name }, "messages");
  return messages.map(({ content }) => content);
}

function assertAbout(actual: number | undefined, expected: number): void {
  assertLess(Math.abs((actual ?? Infinity) - expected), ABOUT_MS, `${actual} is not about ${expected}`);
}
