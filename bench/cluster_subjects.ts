/**
 * Nodes of one cluster as subjects.
 *
 * @module
 */

import { Client } from "./client.ts";
import { CHEAP_ACCOUNTS, startServer, type Subject } from "./subject.ts";

/** Time for nodes to find each other, and for one to be filled, ms. */
const PATIENCE_MS = 60_000;
/** Polling interval, ms. */
const POLL_MS = 5;

/** Name of a node, and its port for its peers. */
interface GrpcPort {
  readonly name: string;
  readonly grpcPort: number;
}

/** A node that can be started. */
interface NodeStart {
  readonly grpcPort: number;
  start(): Promise<Subject>;
}

/** The nodes of a cluster, one for each data folder, to be started. @param checkout folder of the sources */
export function startNodes(folders: readonly string[], checkout: string): NodeStart[] {
  const places = folders.map((data, i) => ({ data, name: `node${i + 1}`, grpcPort: freePort() }));
  return places.map(({ data, name, grpcPort }) => {
    const peers = places.filter((place) => place.name !== name).map(peerEntry);
    return {
      grpcPort,
      start: () => startServer({ data, settings: CHEAP_ACCOUNTS, checkout, name, grpcPort, peers }),
    };
  });
}

/** Starts a cluster of as many nodes as there are data folders, and waits until all are in sync. */
export async function startCluster(folders: readonly string[], checkout: string): Promise<Subject[]> {
  const subjects = await Promise.all(startNodes(folders, checkout).map((node) => node.start()));
  await Promise.all(subjects.map((subject, i) => untilInSync(subject, i, subjects.length)));
  return subjects;
}

function peerEntry({ name, grpcPort }: GrpcPort): Readonly<Record<string, unknown>> {
  // No client is sent to this port: the load generator knows the real ones.
  return { name, tcp: { host: "127.0.0.1", port: freePort() }, grpc: { port: grpcPort } };
}

async function untilInSync({ port }: Subject, index: number, nodes: number): Promise<void> {
  await until(`node ${index + 1} serves`, async () => {
    const client = await Client.connect(port);
    const { name } = await client.ask({ name: "startLogin", payload: { name: `watcher${index}` } });
    client.close();
    return name !== "error";
  });
  const client = await Client.loggedIn(port, `watcher${index}`);
  await until(`node ${index + 1} has all peers in sync`, async () => {
    const { payload } = await client.ask({ name: "nodeStatus", payload: null }, "clusterStatus");
    return payload.copies === nodes;
  });
  client.close();
}

/** Polls until a statement is true. @throws {Error} with the statement if that takes too long */
export async function until(
  statement: string,
  isTrue: () => Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!await isTrue()) {
    if (performance.now() > endMs) throw new Error(`not within ${patienceMs / 1_000} s: ${statement}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
