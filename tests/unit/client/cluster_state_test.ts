import { assertEquals } from "@std/assert";
import type { ClusterState } from "../../../common/protocol/pushes.ts";
import { FakeClient } from "./fake_client.ts";

const FULL: ClusterState = { copies: 3, nodes: 3 };
const FEWER: ClusterState = { copies: 2, nodes: 3 };
const ALONE: ClusterState = { copies: 1, nodes: 3, alone: "node2 cannot be reached: see that it runs" };

/** alice in a chat with bob, at a node that has told this first. */
function loggedIn(first: ClusterState): FakeClient {
  const client = new FakeClient();
  client.features = ["cluster-state"];
  client.login();
  client.open("bob");
  tell(client, first);
  return client;
}

function tell(client: FakeClient, payload: ClusterState): void {
  client.give({ kind: "push", push: { name: "cluster", payload } });
}

/** The wait that the client has begun since the last call is over, if it has begun one. */
function wait(client: FakeClient): boolean {
  const begun = client.effects.splice(0).some(({ kind }) => kind === "lookAtClusterAfter");
  if (begun) client.give({ kind: "lookAtCluster" });
  return begun;
}

Deno.test("a node in full order has nothing to tell, and one of an earlier version says nothing", () => {
  const client = loggedIn(FULL);
  assertEquals([wait(client), client.said(), client.prompt], [false, [], "bob> "]);
  const old = new FakeClient();
  old.login();
  assertEquals([old.prompt, old.asked], ["(no chat)> ", []]);
});

Deno.test("a node that stays alone is told of in one line, in the prompt and in /status", () => {
  const client = loggedIn(FULL);
  tell(client, ALONE);
  assertEquals(client.prompt, "bob> ");
  assertEquals(wait(client), true);
  assertEquals(client.said(), ["-- node1 is alone: node2 cannot be reached: see that it runs"]);
  assertEquals(client.prompt, "bob [node1 alone: copies 1 of 3]> ");
  client.line("/status");
  assertEquals(client.said().at(-1), "alone: node2 cannot be reached: see that it runs");
  tell(client, FEWER);
  wait(client);
  assertEquals(client.prompt, "bob [copies 2 of 3]> ");
  tell(client, FULL);
  client.said();
  client.give({ kind: "lookAtCluster" });
  assertEquals(client.said(), [
    "-- node1: a message that is stored now is on 3 of 3 disks: any 2 nodes may be lost",
  ]);
  assertEquals(client.prompt, "bob> ");
});

Deno.test("a change that does not last is told nobody, and many at once are one", () => {
  const client = loggedIn(FULL);
  tell(client, FEWER);
  tell(client, FULL);
  assertEquals([wait(client), client.said(), client.prompt], [true, [], "bob> "]);
  tell(client, FEWER);
  client.effects.splice(0);
  tell(client, ALONE);
  assertEquals(wait(client), false, "one wait at a time");
  client.give({ kind: "lookAtCluster" });
  assertEquals(client.said(), ["-- node1 is alone: node2 cannot be reached: see that it runs"]);
});

Deno.test("a node that is alone from the beginning says so once that lasts", () => {
  const client = loggedIn(ALONE);
  assertEquals([wait(client), client.prompt], [true, "bob [node1 alone: copies 1 of 3]> "]);
});

Deno.test("a break ends what was said of a node, and a wait begun before it tells nothing of the next", () => {
  const client = loggedIn(ALONE);
  client.disconnect();
  client.give({ kind: "lookAtCluster" });
  client.features = undefined;
  client.connect("node2");
  assertEquals(client.prompt, "bob> ");
  client.give({ kind: "lookAtCluster" });
  assertEquals(client.said().some((line) => line.includes("alone")), false);
  client.disconnect();
  client.features = ["cluster-state"];
  client.connect("node1");
  tell(client, ALONE);
  assertEquals(wait(client), true);
});
