/**
 * People on the screen of a face, at a cluster of real nodes: whoever registers, comes, goes, is renamed or deleted at
 * any node shows on it, after breaks and at other nodes too.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { passwordOf, SilentFace } from "../testing/silent_face.ts";
import { TestClient } from "../testing/test_client.ts";

/** Time between two changes of one person that are both told at once, ms. */
const INTERVAL_MS = 2_200;

/** The people on the screen, with their unread messages. */
function shown({ model }: SilentFace): string {
  const texts = model.people.rows.map(({ name, online, unread }) =>
    `${name}${online ? "!" : ""}${unread > 0 ? ` ${unread}` : ""}`
  );
  return texts.join(", ") + (model.people.more ? ", ..." : "");
}

/** Waits until the people on the screen are these; returns the time, ms. */
async function untilShown(face: SilentFace, people: string): Promise<number> {
  const sinceMs = performance.now();
  await eventually(people, () => shown(face) === people).catch((error) => {
    throw new Error(`${shown(face)} is shown, not ${people}`, { cause: error });
  });
  return performance.now() - sinceMs;
}

/** The people on the screen are those that a node lists. */
async function assertListed(face: SilentFace, node: ClusterNode, match: string): Promise<number> {
  await using reader = await TestClient.login(node.port, "alice", passwordOf("alice"));
  const { users } = await reader.expect("listUsers", { match }, "users");
  const rows = face.model.people.rows.map(({ name, online, unread }) => `${name} ${online} ${unread}`);
  assertEquals(rows, users.map(({ name, online, unread }) => `${name} ${online} ${unread}`));
  return rows.length;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
}

processTest("a face shows people as they register, come, go and are deleted, at any node", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, two, three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  await using alice = await SilentFace.register("alice", [one.port, two.port, three.port]);
  alice.give({ kind: "lookAt", people: { match: "b*", count: 3 }, names: [] });
  await alice.until("the list is told", ({ people }) => people.told);
  assertEquals(shown(alice), "");
  const times: number[] = [];
  const bob = await SilentFace.register("bob", [three.port]);
  times.push(await untilShown(alice, "bob!"));
  await using ben = await SilentFace.register("ben", [two.port]);
  await using _carl = await SilentFace.register("carl", [two.port]);
  times.push(await untilShown(alice, "ben!, bob!"));
  bob.give({ kind: "openChat", with: "alice" });
  bob.send("alice", "one", "two");
  times.push(await untilShown(alice, "ben!, bob! 2"));
  alice.give({ kind: "openChat", with: "bob" });
  times.push(await untilShown(alice, "ben!, bob!"));
  alice.give({ kind: "lookAt", people: { match: "b*", count: 3 }, names: ["bob", "carl"] });
  await alice.until("bob is online", ({ focus }) => focus?.online === true);

  // The node dies while somebody goes: the list is right at the next one.
  await pause();
  await one.kill();
  await bob[Symbol.asyncDispose]();
  times.push(await untilShown(alice, "ben!, bob"));
  await alice.until("bob is offline", ({ focus }) => focus?.online === false);
  assertEquals(alice.notices.filter(({ kind }) => kind === "userOnline").at(-1), {
    kind: "userOnline",
    name: "bob",
    online: false,
  });
  const known = await assertListed(alice, three, "b*");
  await pause();
  ben.give({ kind: "deleteAccount", name: "ben", password: passwordOf("ben") });
  times.push(await untilShown(alice, "bob"));
  for (const name of ["bea", "ben"]) {
    await using _ = await SilentFace.register(name, [three.port]);
    times.push(await untilShown(alice, name === "bea" ? "bea!, bob" : "bea, ben!, bob"));
  }
  await using _bert = await SilentFace.register("berta", [two.port]);
  times.push(await untilShown(alice, "bea, ben, berta!, ..."));
  alice.give({ kind: "lookAt", people: { match: "b*", count: 4 }, names: [] });
  times.push(await untilShown(alice, "bea, ben, berta!, bob"));
  await alice.until("nobody looks at bob's name", ({ focus }) => focus?.online === undefined);
  alice.drawn.assertFresh(alice.model);
  const slowest = Math.max(...times).toFixed();
  console.log(
    `${times.length} changes shown, the slowest after ${slowest} ms; ${known} rows as another node lists`,
  );
});

processTest("a face shows who is renamed after a split, and who has the name", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, , three] = [cluster.node(1), cluster.node(2), cluster.node(3)];
  await using alice = await SilentFace.register("alice", [three.port]);
  await cluster.settled();
  alice.give({ kind: "lookAt", people: { match: "carol*", count: 50 }, names: [] });
  for (const wire of cluster.wiresOf(three)) wire.cut();
  await using _first = await SilentFace.register("carol", [one.port]);
  await using second = await SilentFace.insist("carol", [three.port]);
  alice.give({ kind: "openChat", with: "carol" });
  alice.give({ kind: "lookAt", people: { match: "carol*", count: 50 }, names: ["carol"] });
  await untilShown(alice, "carol!");
  await alice.until("the one beside her is online", ({ focus }) => focus?.online === true);
  const beside = alice.model.focus;
  cluster.heal();
  const ms = await untilShown(alice, "carol!, carol~node3!");
  assertEquals([beside?.name, beside?.account], ["carol~node3", second.model.account?.id]);
  alice.give({ kind: "lookAt", people: { match: "carol*", count: 50 }, names: ["carol", "carol~node3"] });
  await alice.until("she is online under her new name", () => beside?.online === true);
  alice.give({ kind: "openChat", with: "carol" });
  await alice.until("so is the other one", ({ focus }) => focus !== beside && focus?.online === true);
  second.give({ kind: "deleteAccount", name: "carol~node3", password: passwordOf("carol") });
  await untilShown(alice, "carol!");
  await alice.until("she is gone", () => beside?.deleted === true && beside.online === undefined);
  const told = alice.notices.map(({ kind }) => kind).filter((kind) => kind.startsWith("user"));
  assertEquals(told.filter((kind) => kind === "userRenamed").length, 1);
  assertEquals(told.filter((kind) => kind === "userDeleted").length, 1);
  console.log(
    `both shown ${ms.toFixed()} ms after the split had ended; ${told.length} notices of people, none twice`,
  );
});
