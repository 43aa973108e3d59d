/**
 * A node with two peers played by the test.
 *
 * @module
 */

import type { State } from "../../../server/core/state.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import { type HarnessClient, inShort } from "../../testing/harness_client.ts";
import { NodeHarness } from "../../testing/node_harness.ts";

/** A node with its state, its two peers and two clients. */
export interface Three {
  readonly harness: NodeHarness;
  readonly replication: HeldReplication;
  readonly state: State;
  readonly ann: HarnessClient;
  readonly bob: HarnessClient;
  /** The peers acknowledge all entries. */
  readonly acknowledge: (...peers: readonly string[]) => void;
  /** Lets time pass; the node notices it. */
  readonly pass: (ms: number) => void;
}

/** A node with two peers in sync, and two accounts that existed before. */
export function three(limits = {}): Three {
  const replication = new HeldReplication();
  const harness = new NodeHarness(limits, undefined, undefined, replication);
  const [ann, bob] = [harness.login("ann"), harness.login("bob")];
  ann.takePushes();
  for (const peer of ["node2", "node3"]) replication.join(peer, harness.state);
  const acknowledge = (...peers: readonly string[]): void => {
    for (const peer of peers) replication.catchUp(peer, harness.state.version);
    harness.node.replicated();
  };
  const pass = (ms: number): void => {
    harness.settle();
    harness.pass(ms);
    harness.node.replicated();
  };
  return { harness, replication, state: harness.state, ann, bob, acknowledge, pass };
}

/** The replies since the last call, in short. */
export function shown(client: HarnessClient): string[] {
  return client.takeReplies().map((reply) =>
    reply.name === "sent" ? `sent ${reply.payload.copies}/${reply.payload.nodes}` : inShort(reply)
  );
}
