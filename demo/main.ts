/**
 * The demo: three nodes and two people, and everything that can happen to them.
 *
 * @module
 */

import { Cluster, type NodeName } from "./cluster.ts";
import { Person } from "./person.ts";
import { killPrograms } from "./program.ts";
import { StepFailed, Story } from "./story.ts";

/** Exit status after Ctrl-C, as shells have it. */
const INTERRUPTED_STATUS = 130;

/** Time limit of a client to go on with another node, ms: a second, and much for a busy machine. */
const FAILOVER_MS = 5_000;

/** Messages of the people. */
const SAID = {
  first: "hello bob",
  answer: "hello alice, I am at another node",
  afterOne: "node1 was killed just now",
  afterTwo: "node2 as well, and here we are",
  secret: "please forget this",
} as const;

async function tell(folder: string): Promise<void> {
  const story = new Story();
  const cluster = new Cluster(folder);
  await story.step("three nodes start", async () => {
    await cluster.start("node1", "node2", "node3");
    await cluster.synced();
    return await shown(cluster, "node1", /^(node|copies|peers)? /);
  });

  const password = `${folder}/password`;
  await Deno.writeTextFile(password, "correct horse battery staple\n", { mode: 0o600 });
  const alice = new Person("alice", password, cluster.address("node1"));
  const bob = new Person("bob", password, cluster.address("node2"));
  await story.step("alice registers at node1, bob at node2", async () => [
    await quoted(alice, /you are alice on node1/),
    await quoted(bob, /you are bob on node2/),
  ]);
  await story.step("they talk", () => talk(alice, bob));
  await killTwo(story, cluster, alice, bob);
  await bringBack(story, cluster, bob);
  await forget(story, cluster, alice, bob);
  await story.step("bob leaves and all nodes stop", async () => {
    expect(await bob.leaves(), 0, "the exit status of bob's client");
    await cluster.synced();
    await cluster.stop();
    return [];
  });
  await story.step("`chat-server log verify`: what the three disks come to is the same", async () => {
    const [first = "", ...others] = await cluster.stateHashes();
    for (const other of others) expect(other, first, "the state of another node");
    return [`state ${first}`];
  });
  story.end();
}

async function talk(alice: Person, bob: Person): Promise<string[]> {
  await bob.types("/chat alice");
  bob.mark();
  await alice.types("/chat bob");
  await alice.types(SAID.first);
  const seen = [await quoted(bob, / alice> hello bob$/)];
  await alice.sees(/^#a1 read$/);
  await bob.types(SAID.answer);
  return [...seen, await quoted(alice, / bob> hello alice, /)];
}

async function killTwo(story: Story, cluster: Cluster, alice: Person, bob: Person): Promise<void> {
  await story.step(
    "kill -9 of node1: alice goes on at another node",
    () => failover(cluster, "node1", [alice]),
  );
  await story.step("nothing has changed for them", async () => {
    bob.mark();
    await alice.types(SAID.afterOne);
    return [await quoted(bob, / alice> node1 was killed/)];
  });
  await story.step(
    "kill -9 of node2: both go on at the last node",
    () => failover(cluster, "node2", [alice, bob]),
  );
  await story.step("one node is enough, and says how little that is", async () => {
    alice.mark();
    await bob.types(SAID.afterTwo);
    const seen = await quoted(alice, / bob> node2 as well/);
    return [seen, ...await shown(cluster, "node3", /^(copies|peers)? /)];
  });
}

/** Kills a node under people; returns the lines with which they are told, and how soon. */
async function failover(cluster: Cluster, node: NodeName, people: readonly Person[]): Promise<string[]> {
  for (const person of people) person.mark();
  const startMs = performance.now();
  const killed = cluster.kill(node);
  const seen = await Promise.all(people.map(async (person) => {
    const line = await quoted(person, /connected to node\d$/);
    const ms = performance.now() - startMs;
    if (ms > FAILOVER_MS) throw new Error(`${line}, but after ${Math.round(ms)} ms, not ${FAILOVER_MS}`);
    return `${line} (after ${Math.round(ms)} ms)`;
  }));
  await killed;
  return seen;
}

async function bringBack(story: Story, cluster: Cluster, bob: Person): Promise<void> {
  await story.step("node1 comes back with its disk, node2 with an empty one; they catch up", async () => {
    await cluster.wipe("node2");
    await cluster.start("node1", "node2");
    const entries = await cluster.synced();
    return [
      `each of the three has ${entries} entries`,
      ...await shown(cluster, "node2", /^(copies|peers)? /),
    ];
  });
  await story.step("bob reads everything at node2, whose disk was empty", async () => {
    await bob.types("/node node2");
    await bob.sees(/connected to node2$/);
    await bob.types("/history");
    return [
      await quoted(bob, / alice> hello bob$/),
      await quoted(bob, / = bob> hello alice, /),
      await quoted(bob, / alice> node1 was killed/),
      await quoted(bob, / = bob> node2 as well/),
    ];
  });
}

async function forget(story: Story, cluster: Cluster, alice: Person, bob: Person): Promise<void> {
  await story.step("alice deletes a message, and it is gone for bob too", async () => {
    bob.mark();
    await alice.types(SAID.secret);
    const id = / (#\w+) /.exec(await alice.sees(/please forget this$/))?.[1] ?? "";
    await bob.sees(/please forget this$/);
    await alice.types(`/delete ${id}`);
    return [await quoted(bob, / deleted by alice$/), await quoted(alice, /deleted: 1 message$/)];
  });
  await story.step("alice deletes her account, and everything she wrote or got goes with it", async () => {
    bob.mark();
    await alice.types("/delete-account alice");
    const seen = await quoted(bob, /the account alice was deleted/);
    await alice.sees(/the account alice and all its messages are gone$/);
    expect(await alice.leaves(), 0, "the exit status of alice's client");
    await cluster.synced();
    return [seen, ...await shown(cluster, "node1", /^(sessions|accounts|messages|entries|copies) /)];
  });
}

async function quoted(person: Person, pattern: RegExp): Promise<string> {
  return `${person.name} sees: ${await person.sees(pattern)}`;
}

/** The lines of `chat-server status` that fit. */
async function shown(
  cluster: Cluster,
  node: "node1" | "node2" | "node3",
  pattern: RegExp,
): Promise<string[]> {
  return (await cluster.statusLines(node)).filter((line) => pattern.test(line));
}

function expect(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`${what} is ${actual}, not ${expected}`);
}

function interrupted(): Promise<"interrupted"> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      Deno.addSignalListener(signal, () => resolve("interrupted"));
    }
  });
}

async function main(): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "chat-demo-" });
  const told = tell(folder);
  // After an interruption nobody waits for it any more.
  told.catch(() => {});
  try {
    return await Promise.race([told, interrupted()]) === "interrupted" ? INTERRUPTED_STATUS : 0;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    const reason = error.cause instanceof Error ? error.cause.message : error.cause;
    console.error(`${error.message}\n${reason}`);
    return 1;
  } finally {
    await killPrograms();
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main());
