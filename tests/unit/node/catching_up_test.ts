import { assertEquals } from "@std/assert";
import { entryOf } from "../../../server/core/entry.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import { inShort } from "../../testing/harness_client.ts";
import { fakeHash, NodeHarness } from "../../testing/node_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

/** A node that lacks entries of other nodes. */
function behind(): { readonly harness: NodeHarness; readonly replication: HeldReplication } {
  const replication = new HeldReplication();
  replication.isBehind = true;
  return { harness: new NodeHarness({}, undefined, undefined, replication), replication };
}

Deno.test("LOGIN_1 with a name that is not known waits for what is on its way", () => {
  const { harness, replication } = behind();
  const client = harness.connect();
  client.request("startLogin", { name: "ann" });
  harness.settle();
  assertEquals(client.replies, []);
  const event = { type: "accountCreated", account: "ann.node2", name: "ann", hash: fakeHash("x") } as const;
  harness.node.absorb(encoded([entryOf("node2#bbbbbbbbbbbb", 1, 1, event)]), () => {});
  replication.isBehind = false;
  harness.node.replicated();
  harness.settle();
  assertEquals(client.replies.map(inShort), ["userExisting"]);
});

Deno.test("RESUME with a token that is not known waits 2 s, and sends to another node", () => {
  const { harness } = behind();
  const client = harness.connect();
  client.request("resume", { token: "x" });
  harness.pass(1_999);
  harness.node.replicated();
  harness.settle();
  assertEquals(client.replies, []);
  harness.pass(1);
  harness.node.replicated();
  harness.settle();
  assertEquals(client.replies.map(inShort), ["unavailable"]);
});

Deno.test("nobody waits where nothing is on its way", () => {
  const { harness, replication } = behind();
  replication.isBehind = false;
  assertEquals(harness.connect().tell("startLogin", { name: "ann" }), "userNotExisting");
  assertEquals(harness.connect().tell("resume", { token: "x" }), "loginFailed");
});
