import { assert, assertEquals, assertMatch } from "@std/assert";
import type { DrainStatus } from "../../../server/ports/node.ts";
import type { HarnessClient } from "../../testing/harness_client.ts";
import { type ClientOptions, passwordOf } from "../../testing/node_harness.ts";
import { shown, type Three, three } from "./copies_harness.ts";

/** Interval of the looks, ms. */
const LOOK_MS = 100;

/** Lets time pass, with a look every 100 ms. */
function pass({ harness }: Three, ms: number): void {
  for (let passedMs = 0; passedMs < ms; passedMs += LOOK_MS) {
    harness.pass(LOOK_MS);
    harness.node.drain.look();
    harness.settle();
  }
}

/** Logs in with new accounts, which the peers have. */
function join(
  { harness, replication }: Three,
  names: readonly string[],
  options?: ClientOptions,
): HarnessClient[] {
  replication.peers.clear();
  const clients = names.map((name, i) => harness.login(name, { address: `192.0.2.${i}`, ...options }));
  harness.settle();
  for (const peer of ["node2", "node3"]) replication.join(peer, harness.state);
  return clients;
}

function stateOf({ harness }: Three): Omit<DrainStatus, "leftMs"> | undefined {
  const { status } = harness.node.drain;
  if (status === undefined) return undefined;
  const { leftMs: _, ...state } = status;
  return state;
}

function isTold(client: HarnessClient): boolean {
  return client.pushes.some(({ name }) => name === "closing");
}

Deno.test("Drain moves sessions a few at a time, within two thirds of its time", () => {
  for (const [count, forMs, expectedMs] of [[58, 30_000, 3_000], [198, 3_000, 2_000]] as const) {
    const staged = three();
    const { harness } = staged;
    const clients = join(staged, Array.from({ length: count }, (_, i) => `user${i}`));
    const all = [...clients, staged.ann, staged.bob];
    assertEquals([stateOf(staged), harness.node.drain.begin(forMs)], [undefined, undefined]);
    const told: number[] = [];
    for (let ms = 0; ms < expectedMs; ms += LOOK_MS) {
      assertEquals(stateOf(staged)?.phase, "moving", `${ms} ms`);
      pass(staged, LOOK_MS);
      told.push(all.filter(isTold).length);
    }
    const most = Math.max(...told.map((each, i) => each - (told[i - 1] ?? 0)));
    assertEquals([told.at(-1), all.filter(({ closed }) => closed).length], [all.length, all.length]);
    assertEquals(most <= Math.ceil(all.length / (expectedMs / LOOK_MS)) + 1, true, `${most} at once`);
    pass(staged, LOOK_MS);
    assertEquals(stateOf(staged), { phase: "over", moved: all.length, here: 0, lacking: [] });
    console.log(`${all.length} sessions moved in ${told.length} steps of at most ${most}`);
  }
});

Deno.test("Drain names the other nodes, and answers what was asked before", () => {
  const staged = three();
  const { harness, ann, acknowledge } = staged;
  ann.pushes.length = 0;
  ann.takeReplies();
  harness.node.drain.begin(10_000);
  ann.request("sendMessage", { to: "bob", content: "under way" });
  harness.settle();
  pass(staged, 200);
  assertEquals([isTold(ann), shown(ann), ann.closed], [false, [], false]);
  acknowledge("node2", "node3");
  const nodes = [2, 3].map((i) => ({ name: `node${i}`, host: "127.0.0.1", port: 4_999 + i }));
  const reason = "this node is taken out of service; go on with another";
  assertEquals(ann.pushes.filter(({ name }) => name === "closing"), [{
    name: "closing",
    payload: { reason, nodes },
  }]);
  assertEquals([shown(ann), ann.closed, ann.cause], [["sent 3/3"], true, "node stops"]);
});

Deno.test("Drain ends a session only after a request that waits for a password to be compared", () => {
  const staged = three();
  const { harness, ann, acknowledge } = staged;
  ann.takeReplies();
  ann.request("changePassword", { old: passwordOf("ann"), new: "another good password" });
  harness.node.drain.begin(10_000);
  for (let looks = 0; looks < 3; looks++) {
    harness.pass(LOOK_MS);
    harness.node.drain.look();
    harness.turn();
  }
  assertEquals([isTold(ann), ann.closed, harness.node.drain.status?.here], [false, false, 1]);
  harness.settle();
  assertEquals([isTold(ann), shown(ann), ann.closed], [false, [], false]);
  acknowledge("node2", "node3");
  assertEquals([shown(ann), isTold(ann), ann.closed], [["ok"], true, true]);
});

Deno.test("Drain lets nobody log in, and moves who was logging in", () => {
  const staged = three();
  const { harness, acknowledge } = staged;
  const [late, stranger] = [harness.connect(), harness.connect()];
  harness.settle();
  late.request("startLogin", { name: "ann" });
  harness.settle();
  late.request("finishLogin", { password: passwordOf("ann") });
  harness.node.drain.begin(1_000);
  stranger.takeReplies();
  for (const client of [stranger, harness.connect()]) {
    client.request("ping", null);
    client.request("startLogin", { name: "bob" });
    harness.settle();
    const [refused] = client.takeReplies().filter(({ name }) => name === "error");
    assertMatch(JSON.stringify(refused), /unavailable.*taken out of service/);
  }
  pass(staged, 500);
  acknowledge("node2", "node3");
  assertEquals([isTold(late), late.closed], [true, true]);
});

Deno.test("Drain serves the original dialect until the others are elsewhere", () => {
  const staged = three();
  const { harness, ann, bob } = staged;
  const original = join(staged, ["carol"], { dialect: "original" })[0];
  assert(original !== undefined);
  harness.node.drain.begin(30_000);
  harness.pass(50);
  harness.node.drain.look();
  harness.settle();
  assertEquals([ann.closed, bob.closed, original.closed], [true, false, false]);
  pass(staged, 300);
  assertEquals([ann.closed, original.closed, original.pushes], [true, true, []]);
  assertEquals(stateOf(staged), { phase: "over", moved: 2, here: 0, lacking: [] });
});

Deno.test("Drain waits for the peers in reach, and says what they lack when its time is over", () => {
  const staged = three();
  const { harness, ann, acknowledge, replication } = staged;
  harness.node.drain.begin(2_000);
  ann.request("sendMessage", { to: "bob", content: "the last one" });
  harness.settle();
  acknowledge("node2");
  pass(staged, 1_900);
  // The reply waits no longer than a second for a peer that is in sync.
  assertEquals(stateOf(staged)?.phase, "waiting");
  pass(staged, 200);
  assertEquals(stateOf(staged)?.phase, "over");
  assertEquals(stateOf(staged)?.lacking.map(({ name }) => name).includes("node3"), true);
  replication.peers.clear();
  assertEquals(stateOf(staged)?.lacking.length, 2, "the outcome stays as it was");
});

Deno.test("Drain waits for the peers to have what its node writes after the last session, and no act comes later", () => {
  const staged = three();
  const { harness, ann, acknowledge, replication, state } = staged;
  harness.node.drain.begin(60_000);
  ann.request("sendMessage", { to: "bob", content: "the last one" });
  pass(staged, 2_000);
  assertEquals([stateOf(staged)?.phase, stateOf(staged)?.here], ["waiting", 0]);
  const before = new Map(state.version);
  harness.operator.serve({ act: "disableUser", name: "ann" }, () => {});
  harness.settle();
  for (const peer of ["node2", "node3"]) replication.catchUp(peer, before);
  pass(staged, LOOK_MS);
  assertEquals(stateOf(staged)?.phase, "waiting");
  acknowledge("node2", "node3");
  pass(staged, LOOK_MS);
  assertEquals(stateOf(staged)?.phase, "over");
  assertEquals(harness.operate({ act: "disableUser", name: "bob" }), {
    refused: "this node is being stopped; ask another node",
  });
});

Deno.test("Drain does not begin where clients have nowhere to go", () => {
  const staged = three();
  const { harness, replication } = staged;
  replication.peers.clear();
  assertEquals(
    harness.node.drain.begin(5_000),
    "node1 reaches no other node for clients (node2, node3): its clients have nowhere to go. To stop it all the " +
      "same, send SIGTERM, as systemctl stop does",
  );
  harness.node.reconfigure({ nodes: [{ name: "node1", host: "127.0.0.1", port: 5_000 }], clusterSize: 1 });
  assertMatch(harness.node.drain.begin(5_000) ?? "", /^node1 is the only node for clients: its clients have/);
  assertEquals(stateOf(staged), undefined);
});

Deno.test("Drain takes another time while it is under way, and ends when the node is stopped", () => {
  const staged = three();
  const { harness, ann } = staged;
  ann.request("sendMessage", { to: "bob", content: "no peer has it" });
  assertEquals(harness.node.drain.begin(60_000), undefined);
  pass(staged, 1_000);
  assertEquals(harness.node.drain.begin(2_000), undefined);
  assertEquals(harness.node.drain.status?.leftMs, 2_000);
  harness.node.close("stopped", () => {});
  pass(staged, 100);
  assertEquals(stateOf(staged)?.phase, "waiting");
  assertEquals(harness.node.drain.begin(2_000), "node1 is being stopped already");
});
