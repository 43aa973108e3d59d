/**
 * Three executable nodes and two executable clients in real terminals; executables_test.ts runs the tests.
 *
 * @module
 */

import { assertEquals, assertLess } from "@std/assert";
import { PASSWORD } from "../io/client_process.ts";
import { Person, type Size, Tmux } from "../terminal/tmux.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { whyNoTerminal } from "../testing/terminal_window.ts";
import { executableTest } from "./tested_executables.ts";

const SIZE: Size = { columns: 100, rows: 24 };

/** Time limit of a client between the end of its node and the notice of the next one, ms: a second, and much for a busy machine. */
const FAILOVER_MS = 5_000;

executableTest(
  "three nodes and two clients talk through the death and the return of a node",
  async ({ server, client }) => {
    await using cluster = await ClusterProcesses.start({ program: [server] });
    await using tmux = new Tmux([client]);
    const [node1, node2] = [cluster.node(1), cluster.node(2)];
    const alice = await registered(tmux, "alice", node1);
    const bob = await registered(tmux, "bob", node2);

    await alice.enter("/chat bob");
    await alice.enter("hello bob");
    await bob.seesRow(/^HH:MM #a1 alice> hello bob$/);
    await alice.seesRow(/^HH:MM #a1 \+\+ alice> hello bob$/);
    await bob.enter("/chat alice");
    await alice.seesRow(/^HH:MM #a1 = {2}alice> hello bob$/);
    await bob.enter("hello alice");
    await bob.seesRow(/^HH:MM #a2 = {2}bob> hello alice$/);

    const failoverMs = await goesOn(alice, node1);
    console.log(`on another node after ${Math.round(failoverMs)} ms`);
    assertLess(failoverMs, FAILOVER_MS);
    await alice.enter("still there?");
    await alice.seesRow(/^HH:MM #a3 = {2}alice> still there\?$/);
    await bob.enter("still here");
    await alice.seesRow(/^HH:MM #a4 bob> still here$/);

    await node1.start();
    await cluster.settled();
    await alice.enter("all three again");
    await bob.seesRow(/^HH:MM #a5 alice> all three again$/);
    await alice.seesRow(/^HH:MM #a5 = {2}alice> all three again$/);
    for (const person of [alice, bob]) {
      await person.enter("/quit");
      await person.seesRow(/^ended with 0$/);
    }
    const { entries, state } = await cluster.sameLogs();
    assertEquals(state.messages.size, 5);
    console.log(`3 logs of ${entries} entries are equal`);
  },
  await whyNoTerminal(),
);

/** A person at a terminal, with a new account at a node. */
async function registered(tmux: Tmux, name: string, node: ClusterNode): Promise<Person> {
  const person = await tmux.client(name, SIZE, "", "--server", `127.0.0.1:${node.port}`);
  await person.sees("name:");
  await person.enter(name);
  await person.sees(`new account ${name}: choose a password:`);
  await person.enter(PASSWORD);
  await person.sees("the same password again:");
  await person.enter(PASSWORD);
  await person.sees(`-- you are ${name} on ${node.name}; /help lists the commands`, "(no chat)>");
  return person;
}

/** Kills the node of a person; returns the time until the client goes on with another, ms. */
async function goesOn(person: Person, node: ClusterNode): Promise<number> {
  const killedMs = performance.now();
  await node.kill();
  await person.seesRow(/^-- connected to node[23]$/);
  return performance.now() - killedMs;
}
