import { assertEquals } from "@std/assert";
import { NameForgetting } from "../../../server/node/name_forgetting.ts";
import { HeldReplication } from "../../testing/held_replication.ts";
import { NodeHarness, passwordOf } from "../../testing/node_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";
import { entryOf } from "../../../server/core/entry.ts";

const MINUTE_MS = 60_000;

/** A node, with replication under control and forgetting by the node's clock. */
function started(): { harness: NodeHarness; replication: HeldReplication; tick: (ms?: number) => void } {
  const replication = new HeldReplication();
  const harness = new NodeHarness({}, undefined, undefined, replication);
  const forgetting = new NameForgetting(harness.node, harness.node.ports.clock);
  const tick = (ms = MINUTE_MS): void => {
    harness.pass(ms);
    forgetting.tick();
    harness.settle();
  };
  tick();
  return { harness, replication, tick };
}

/** Registers people and deletes their accounts at this node. */
function deleteHere(harness: NodeHarness, ...names: readonly string[]): void {
  for (const name of names) {
    const client = harness.login(name);
    client.request("deleteAccount", { password: passwordOf(name) });
    harness.settle();
  }
}

/** An account that another incarnation or another node has made and deleted. */
function deleteElsewhere(harness: NodeHarness, origin: string, account: string): void {
  const stamp = harness.time.wallMs * 1_000;
  harness.node.absorb(
    encoded([
      entryOf(origin, 1, stamp - 1, { type: "accountCreated", account, name: account, hash: "h" }),
      entryOf(origin, 2, stamp, { type: "accountDeleted", account }),
    ]),
    () => {},
  );
  harness.settle();
}

/** Accounts whose names are forgotten in the log, in order. */
function forgotten({ log }: NodeHarness): string[] {
  return log.synced.flatMap((entry) => entry.type === "nameForgotten" ? [entry.account] : []);
}

Deno.test("tick() forgets once the deletion is settled, and not again", () => {
  const { harness, replication, tick } = started();
  deleteHere(harness, "ann");
  tick();
  assertEquals(forgotten(harness), [], "it is not settled");
  replication.settled = harness.state.version;
  tick();
  const [account] = forgotten(harness);
  assertEquals(harness.state.account(account ?? "").isNameForgotten, true);
  for (let minute = 0; minute < 20; minute++) tick();
  assertEquals(forgotten(harness).length, 1);
  deleteHere(harness, "bob");
  tick(MINUTE_MS - 1);
  assertEquals(forgotten(harness).length, 1, "it looks once a minute");
  tick(1);
  assertEquals(forgotten(harness).length, 2);
});

Deno.test("tick() forgets at once what an earlier incarnation of the node deleted, and what others did later", () => {
  const { harness, replication, tick } = started();
  replication.settled = harness.state.version;
  deleteElsewhere(harness, "node1#0", "ann");
  deleteElsewhere(harness, "node2#0", "bob");
  tick();
  assertEquals(forgotten(harness), ["ann"]);
  for (let minute = 1; minute < 10; minute++) tick();
  assertEquals(forgotten(harness), ["ann"]);
  tick();
  assertEquals(forgotten(harness), ["ann", "bob"]);
});

Deno.test("tick() leaves it to the node that deleted the account, if that does it within ten minutes", () => {
  const { harness, replication, tick } = started();
  replication.settled = harness.state.version;
  deleteElsewhere(harness, "node2#0", "bob");
  for (let minute = 0; minute < 9; minute++) tick();
  const event = { type: "nameForgotten", account: "bob" } as const;
  harness.node.absorb(encoded([entryOf("node2#0", 3, harness.time.wallMs * 1_000, event)]), () => {});
  for (let minute = 0; minute < 20; minute++) tick();
  assertEquals(forgotten(harness), ["bob"]);
  assertEquals(harness.log.synced.at(-1)?.origin, "node2#0");
});

Deno.test("tick() does nothing while the disk is full, nor once the node is closing", () => {
  const { harness, replication, tick } = started();
  replication.settled = harness.state.version;
  deleteHere(harness, "ann");
  harness.log.readOnly = true;
  tick();
  assertEquals(forgotten(harness), []);
  harness.log.readOnly = false;
  harness.node.close("it ends", () => {});
  harness.settle();
  tick();
  assertEquals(forgotten(harness), []);
});

Deno.test("tick() forgets at most 200 names at once", () => {
  const { harness, replication, tick } = started();
  replication.settled = harness.state.version;
  for (let i = 0; i < 201; i++) deleteElsewhere(harness, `node1#${i}`, `a${i}`);
  tick();
  assertEquals(forgotten(harness).length, 200);
  tick();
  assertEquals(forgotten(harness).length, 201);
});
