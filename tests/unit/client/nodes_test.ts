import { assertEquals } from "@std/assert";
import { nodeNames } from "../../../client/core/nodes.ts";
import { FakeClient } from "./fake_client.ts";

const ONE = { name: "node1", host: "10.0.0.1", port: 5_000 };
const TWO = { name: "node2", host: "10.0.0.2", port: 5_000 };

Deno.test("NODES: the client learns the nodes, and offers them", () => {
  const client = new FakeClient();
  client.login();
  client.give({ kind: "push", push: { name: "nodes", payload: { nodes: [ONE, TWO] } } });
  assertEquals(nodeNames(client.model), ["node1", "node2"]);
  assertEquals(client.effects.filter(({ kind }) => kind === "learnNodes" || kind === "moveOn"), [
    { kind: "learnNodes", nodes: [ONE, TWO] },
  ]);
});

Deno.test("NODES: the client leaves a node that is in the cluster no more", () => {
  const client = new FakeClient();
  client.login();
  client.give({ kind: "push", push: { name: "nodes", payload: { nodes: [TWO] } } });
  assertEquals(client.effects.filter(({ kind }) => kind === "moveOn"), [
    { kind: "moveOn", reason: { kind: "removed" } },
  ]);
});

Deno.test("NODES without any node changes nothing", () => {
  const client = new FakeClient();
  client.login();
  const before = nodeNames(client.model);
  client.give({ kind: "push", push: { name: "nodes", payload: { nodes: [] } } });
  assertEquals(nodeNames(client.model), before);
  assertEquals(client.effects.filter(({ kind }) => kind === "learnNodes" || kind === "moveOn"), []);
});

Deno.test("a node of another cluster is told of once", () => {
  const client = new FakeClient();
  client.login();
  client.said();
  const say = (cluster: string): readonly string[] => {
    client.give({ kind: "foreignNode", place: "127.0.0.1:7000", cluster });
    return client.said();
  };
  const line = (cluster: string): string =>
    `-- 127.0.0.1:7000 is a node of another cluster (${cluster}): nothing is sent there, and it is asked again later`;
  assertEquals([say("home"), say("home"), say("work")], [[line("home")], [], [line("work")]]);
});
