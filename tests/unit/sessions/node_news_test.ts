import { assertEquals } from "@std/assert";
import type { HarnessClient } from "../../testing/harness_client.ts";
import { three } from "../node/copies_harness.ts";

const ONE = { name: "node1", host: "10.0.0.1", port: 5_000 };
const TWO = { name: "node2", host: "10.0.0.2", port: 5_000 };

/** The NODES pushes since the last call, as names of nodes. */
function told(client: HarnessClient): string[] {
  return client.takePushes().map((push) =>
    push.name === "nodes" ? push.payload.nodes.map(({ name }) => name).join(" ") : push.name
  );
}

Deno.test("nodes: a changed list is pushed to every session that uses the feature, once", () => {
  const { harness, ann, bob } = three();
  const before = harness.connect();
  before.tell("useFeatures", { use: ["nodes"] });
  ann.tell("useFeatures", { use: ["account-ids", "nodes"] });
  bob.tell("useFeatures", { use: ["account-ids"] });
  assertEquals([told(before), told(ann), told(bob)], [[], [], []]);
  harness.node.reconfigure({ nodes: [ONE, TWO], clusterSize: 2 });
  harness.settle();
  assertEquals([told(before), told(ann), told(bob)], [["node1 node2"], ["node1 node2"], []]);
  harness.node.reconfigure({ nodes: [ONE, TWO], clusterSize: 3 });
  harness.settle();
  assertEquals([told(before), told(ann)], [[], []]);
});

Deno.test("nodes and web: the list comes right behind the reply, with the pages and at every change", () => {
  const { harness, ann, bob } = three();
  const pages = (client: HarnessClient): (string | undefined)[][] =>
    client.takePushes().flatMap((push) =>
      push.name === "nodes" ? [push.payload.nodes.map(({ web }) => web)] : []
    );
  const web = "https://chat.example.org/";
  harness.node.reconfigure({ nodes: [{ ...ONE, web }, TWO], clusterSize: 2 });
  const before = harness.connect();
  for (const client of [before, ann]) {
    assertEquals(client.tell("useFeatures", { use: ["nodes", "web"] }), "ok");
    assertEquals(pages(client), [[web, undefined]]);
  }
  for (const use of [["web"], ["nodes"]] as const) {
    bob.tell("useFeatures", { use });
    assertEquals(pages(bob), [], use[0]);
  }
  harness.node.reconfigure({ nodes: [ONE, { ...TWO, web }], clusterSize: 2 });
  harness.settle();
  assertEquals([pages(ann), pages(bob)], [[[undefined, web]], [[undefined, undefined]]]);
});

Deno.test("nodes: a session that stopped using it, or is gone, hears nothing", () => {
  const { harness, ann, bob } = three();
  for (const client of [ann, bob]) client.tell("useFeatures", { use: ["nodes"] });
  ann.tell("useFeatures", { use: [] });
  bob.session.disconnected();
  bob.closed = true;
  harness.node.reconfigure({ nodes: [ONE], clusterSize: 1 });
  harness.settle();
  assertEquals([told(ann), told(bob)], [[], []]);
});
