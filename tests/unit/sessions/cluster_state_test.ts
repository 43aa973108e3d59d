import { assertEquals } from "@std/assert";
import type { HarnessClient } from "../../testing/harness_client.ts";
import { IDS } from "../../testing/protocol_samples.ts";
import { type Three, three } from "../node/copies_harness.ts";

/** A client that uses the feature, and has its first push. */
function listening({ harness }: Three): HarnessClient {
  const client = harness.connect();
  client.tell("useFeatures", { use: ["cluster-state"] });
  client.takePushes();
  return client;
}

/** A peer comes into sync or falls behind, and the mesh says so. */
function sync({ harness, replication }: Three, name: string, isInSync: boolean): void {
  const peer = replication.peers.get(name);
  if (peer) peer.isInSync = isInSync;
  harness.node.news.clusterChanged();
}

/** The CLUSTER pushes since the last call, as `copies/nodes` with the reason to be alone. */
function told(client: HarnessClient): string[] {
  return client.takePushes().map((push) => {
    if (push.name !== "cluster") return push.name;
    const { copies, nodes, alone } = push.payload;
    return `${copies}/${nodes}${alone === undefined ? "" : ` ${alone}`}`;
  });
}

Deno.test("cluster-state: the state comes behind the reply to FEATURES, before a login", () => {
  const { harness } = three();
  const client = harness.connect();
  const order: number[] = [];
  const send = client.send.bind(client);
  client.send = (frame) => {
    order.push(frame[7] ?? 0);
    send(frame);
  };
  client.request("useFeatures", { use: ["cluster-state"] });
  assertEquals(told(client), ["3/3"]);
  client.request("useFeatures", { use: ["account-ids", "cluster-state"] });
  assertEquals(told(client), ["3/3"]);
  assertEquals(order, [107, 207, 107, 207]);
});

Deno.test("cluster-state: the state waits with the reply to FEATURES for the replies before it", () => {
  const { harness, ann, acknowledge } = three();
  ann.request("sendMessage", { to: "bob", content: "hey", id: IDS[0] });
  ann.request("useFeatures", { use: ["cluster-state"] });
  assertEquals([told(ann), ann.takeReplies()], [[], []]);
  acknowledge("node2", "node3");
  assertEquals(told(ann), ["3/3"]);
  assertEquals(ann.takeReplies().map(({ name }) => name), ["sent", "ok"]);
  harness.settle();
});

Deno.test("cluster-state: a change is pushed at once, the next a second later, and always the last state", () => {
  const parties = three();
  const client = listening(parties);
  parties.pass(1_000);
  sync(parties, "node2", false);
  assertEquals(told(client), ["2/3"]);
  sync(parties, "node3", false);
  parties.pass(500);
  sync(parties, "node2", true);
  sync(parties, "node3", true);
  parties.pass(499);
  assertEquals(told(client), []);
  parties.pass(1);
  assertEquals(told(client), ["3/3"]);
  parties.pass(5_000);
  assertEquals(told(client), []);
});

Deno.test("cluster-state: what has changed back within the second is not pushed", () => {
  const parties = three();
  const client = listening(parties);
  sync(parties, "node2", false);
  sync(parties, "node2", true);
  parties.pass(2_000);
  assertEquals(told(client), []);
});

Deno.test("cluster-state: the reason to be alone and the number of nodes are changes too", () => {
  const parties = three();
  const { harness, replication } = parties;
  const client = listening(parties);
  parties.pass(1_000);
  replication.alone = "nobody is there";
  harness.node.news.clusterChanged();
  assertEquals(told(client), ["3/3 nobody is there"]);
  parties.pass(1_000);
  harness.node.reconfigure({ nodes: [], clusterSize: 5 });
  assertEquals(told(client), ["3/5 nobody is there"]);
  parties.pass(1_000);
  replication.alone = undefined;
  harness.node.news.clusterChanged();
  assertEquals(told(client), ["3/5"]);
});

Deno.test("cluster-state: a session that does not use it hears nothing, nor one that has stopped", () => {
  const parties = three();
  const { harness, ann } = parties;
  const [stopped, gone, other] = [listening(parties), listening(parties), listening(parties)];
  stopped.tell("useFeatures", { use: ["account-ids"] });
  gone.session.disconnected();
  gone.closed = true;
  harness.pass(1_000);
  sync(parties, "node2", false);
  assertEquals([told(ann), told(stopped), told(other)], [[], [], ["2/3"]]);
});

Deno.test("cluster-state: a session of each set of features gets the push, and nobody twice", () => {
  const parties = three();
  const both = parties.harness.connect();
  both.tell("useFeatures", { use: ["account-ids", "cluster-state"] });
  both.takePushes();
  const one = listening(parties);
  parties.pass(1_000);
  sync(parties, "node3", false);
  assertEquals([told(both), told(one)], [["2/3"], ["2/3"]]);
});
