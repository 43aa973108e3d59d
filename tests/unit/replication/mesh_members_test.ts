import { HALT_MS } from "../../../server/replication/replication_limits.ts";
import type { Place } from "../../../server/core/entry.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { PeerStream } from "../../../server/ports/peers.ts";
import { addressOf, MeshHarness } from "../../testing/mesh_harness.ts";
import { MeshMember } from "../../testing/mesh_member.ts";
import { HeldLink } from "./stream_harness.ts";

const NAMES = ["n1", "n2", "n3"];

function three(): MeshHarness {
  const mesh = new MeshHarness(NAMES);
  mesh.pass(500);
  return mesh;
}

Deno.test("Mesh: who is online at one node is online at all others", () => {
  const mesh = three();
  const [n1, n2, n3] = NAMES.map((name) => mesh.member(name)) as [MeshMember, MeshMember, MeshMember];
  n1.mesh.announce("ann", true);
  n2.mesh.announce("ann", true);
  mesh.settle();
  assertEquals([n1, n2, n3].map(({ mesh }) => mesh.isOnline("ann")), [true, true, true]);
  assertEquals([n1, n2, n3].map(({ presence }) => presence), [["+ann"], ["+ann"], ["+ann"]]);
  n1.mesh.announce("ann", false);
  mesh.settle();
  assertEquals([n1, n2, n3].map(({ mesh }) => mesh.isOnline("ann")), [true, false, true]);
  n2.mesh.announce("ann", false);
  mesh.settle();
  assertEquals(n3.presence, ["+ann", "-ann"]);
});

Deno.test("Mesh: a node that comes later is told who is online, of many in several messages", () => {
  const mesh = new MeshHarness(NAMES, ["n1", "n2"]);
  mesh.pass(500);
  for (let i = 0; i < 2_500; i++) mesh.member("n1").mesh.announce(`account${i}`, true);
  mesh.settle();
  const n3 = mesh.start("n3");
  mesh.pass(3_000);
  assertEquals([n3.presence.length, n3.mesh.isOnline("account2499")], [2_500, true]);
  const messages = mesh.sent.filter(({ to, message }) => to === "n3" && message.type === "presence");
  assertEquals(messages.length, 3);
});

Deno.test("Mesh: nobody is online at a node that is gone, stopped, or not heard of any more", () => {
  for (const [what, waitMs] of [["kill", 0], ["stop", 0], ["cut", 10_200]] as const) {
    const mesh = three();
    mesh.member("n1").mesh.announce("ann", true);
    mesh.settle();
    if (what === "kill") mesh.kill("n1");
    else if (what === "stop") mesh.member("n1").mesh.stop();
    else for (const other of ["n2", "n3"]) mesh.cut("n1", other);
    mesh.settle();
    mesh.pass(waitMs);
    assertEquals([mesh.member("n2").presence, mesh.member("n2").mesh.isOnline("ann")], [
      ["+ann", "-ann"],
      false,
    ], what);
  }
});

/** A peer opens a stream and sends its hello. */
function opened(
  mesh: MeshHarness,
  to: string,
  node: string,
  version: readonly Place[] = [],
): { link: HeldLink; stream: PeerStream } {
  const link = new HeldLink();
  const stream = mesh.member(to).mesh.accept(link);
  const hello = { type: "hello", major: 1, minor: 0, cluster: "test", node, version } as const;
  stream.received({ ...hello, wallMs: mesh.time.wallMs });
  return { link, stream };
}

Deno.test("Mesh: a peer's next stream takes the place of one that still stands, with who is online by now", () => {
  const mesh = new MeshHarness(["n1", "n2"], ["n2"]);
  const n2 = mesh.member("n2");
  const before = opened(mesh, "n2", "n1");
  before.stream.received({ type: "presence", online: ["ann", "bob"], offline: [] });
  const { link, stream } = opened(mesh, "n2", "n1");
  stream.received({ type: "presence", online: ["bob"], offline: [] });
  assertEquals([before.link.isClosed, n2.mesh.isOnline("ann"), n2.mesh.isOnline("bob")], [true, false, true]);
  before.stream.closed("this node has closed the stream");
  mesh.pass(2_500);
  assertEquals([link.takeTypes(), n2.mesh.isOnline("bob")], [["hello", "ack"], true]);
  n2.mesh.stop();
  assertEquals([link.isClosed, n2.mesh.isOnline("bob")], [true, false]);
});

Deno.test("Mesh: reconfigure() connects to a node that was added and lets one go that was removed", () => {
  const mesh = new MeshHarness(NAMES, []);
  for (const name of ["n1", "n2"]) {
    mesh.start(name, new MeshMember(name), ["n1", "n2"].filter((each) => each !== name).map(addressOf));
  }
  mesh.pass(500);
  mesh.member("n1").write(3);
  mesh.start("n3");
  mesh.pass(2_500);
  assertEquals([mesh.member("n3").history.entries.length, mesh.states("n1")], [0, ["n2 in sync"]]);
  assertEquals(mesh.states("n3"), ["n1 refused", "n2 refused"]);
  for (const name of ["n1", "n2"]) mesh.member(name).mesh.reconfigure(mesh.peersOf(name));
  mesh.pass(3_000);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 in sync"]);
  assertEquals(mesh.member("n3").history.entries.length, 3);
  mesh.member("n3").mesh.announce("ann", true);
  mesh.settle();
  for (const name of ["n1", "n2"]) {
    const { mesh: each } = mesh.member(name);
    each.reconfigure(mesh.peersOf(name).filter((peer) => peer.name !== "n3"));
  }
  mesh.settle();
  assertEquals([mesh.states("n1"), mesh.member("n1").mesh.isOnline("ann")], [["n2 in sync"], false]);
  mesh.pass(3_000);
  assertEquals(mesh.states("n3"), ["n1 refused", "n2 refused"]);
});

Deno.test("Mesh: reconfigure() with the same peers changes nothing, with another address reconnects", () => {
  const mesh = three();
  const before = mesh.sent.length;
  mesh.member("n1").mesh.reconfigure(mesh.peersOf("n1"));
  mesh.settle();
  assertEquals([mesh.sent.length, mesh.states("n1")], [before, ["n2 in sync", "n3 in sync"]]);
  mesh.member("n1").mesh.reconfigure([{ ...addressOf("n2"), port: 7_000 }, addressOf("n3")]);
  assertEquals(mesh.states("n1").toSorted(), ["n2 unreachable", "n3 in sync"]);
  mesh.pass(2_500);
  assertEquals(mesh.states("n1").toSorted(), ["n2 in sync", "n3 in sync"]);
  assertEquals(mesh.states("n2"), ["n1 in sync", "n3 in sync"]);
});

Deno.test("Mesh: stop() ends all streams, dials nobody and takes nobody in", () => {
  const mesh = three();
  const { mesh: n1 } = mesh.member("n1");
  n1.stop();
  mesh.settle();
  const before = mesh.sent.filter(({ from }) => from === "n1").length;
  mesh.member("n2").write();
  mesh.pass(3_000);
  assertEquals(mesh.states("n2"), ["n1 unreachable", "n3 in sync"]);
  assertEquals(mesh.sent.filter(({ from }) => from === "n1").length, before);
  assertEquals(mesh.member("n1").history.entries.length, 0);
});

Deno.test("Mesh: no log is held open by streams that are over", () => {
  const mesh = three();
  mesh.member("n1").write(10);
  mesh.pass(1_000);
  assertEquals(mesh.member("n1").history.cursorsOpen, 4);
  for (const name of ["n2", "n3"]) mesh.kill(name);
  mesh.pass(1_000);
  assertEquals(mesh.member("n1").history.cursorsOpen, 0);
});

Deno.test("Mesh: two nodes that run on copies of one data folder are found, and the copy halts", () => {
  const mesh = three();
  mesh.member("n1").write(3);
  mesh.pass(500);
  const copy = mesh.member("n1").copy();
  mesh.member("n1").write(2);
  mesh.pass(500);
  const original = mesh.kill("n1");
  mesh.start("n1", copy);
  mesh.pass(HALT_MS + 500);
  assertStringIncludes(copy.halted?.message ?? "", "entry 4 of n1#aaaaaaaaaaaa is not the same at two nodes");
  mesh.kill("n1");
  mesh.start("n1", original);
  mesh.pass(2_500);
  assertEquals([original.halted, mesh.states("n1")], [undefined, ["n2 in sync", "n3 in sync"]]);
});

Deno.test("Mesh: a copy that has written as much as the original, or more, halts too", () => {
  for (const count of [2, 4]) {
    const mesh = three();
    mesh.member("n1").write(3);
    mesh.pass(500);
    const copy = mesh.member("n1").copy();
    mesh.member("n1").write(2);
    mesh.pass(500);
    mesh.kill("n1");
    mesh.start("n1", copy);
    copy.write(count);
    copy.sync();
    mesh.pass(HALT_MS + 500);
    assertStringIncludes(copy.halted?.message ?? "", "entry 4 of n1#aaaaaaaaaaaa");
    for (const name of ["n2", "n3"]) {
      assertEquals([mesh.member(name).halted, mesh.member(name).history.entries.length], [undefined, 5]);
    }
  }
});

Deno.test("Mesh: of registrations that cross one is granted, where all are in sync", () => {
  const mesh = three();
  const granted: string[] = [];
  for (const name of NAMES) {
    mesh.member(name).mesh.reserve("ann", (isGranted) => isGranted && granted.push(name));
  }
  assertEquals(granted, []);
  mesh.settle();
  assertEquals(granted, ["n1"]);
});

Deno.test("Mesh: a name that an account has anywhere is not granted", () => {
  const mesh = three();
  mesh.member("n3").takenNames.add("ann");
  const outcomes: boolean[] = [];
  mesh.member("n1").mesh.reserve("ann", (granted) => outcomes.push(granted));
  mesh.settle();
  assertEquals(outcomes, [false]);
});

Deno.test("Mesh: a node that is alone gives names at once; one that lost its peers on the way as soon as it knows", () => {
  const alone = new MeshHarness(NAMES, ["n1"]);
  alone.pass(300);
  const mesh = three();
  const outcomes: boolean[] = [];
  alone.member("n1").mesh.reserve("ann", (granted) => outcomes.push(granted));
  assertEquals(outcomes, [true]);
  mesh.member("n1").mesh.reserve("ann", (granted) => outcomes.push(granted));
  mesh.kill("n2");
  mesh.kill("n3");
  mesh.settle();
  assertEquals(outcomes, [true, true]);
});

Deno.test("Mesh: a peer that was waited for in vain for a name is not in sync before it says something", () => {
  const mesh = three();
  const { mesh: n1 } = mesh.member("n1");
  const outcomes: boolean[] = [];
  mesh.cut("n1", "n3");
  n1.reserve("ann", (granted) => outcomes.push(granted));
  mesh.pass(800);
  assertEquals([outcomes, mesh.states("n1")], [[], ["n2 in sync", "n3 in sync"]]);
  mesh.pass(100);
  assertEquals([outcomes, mesh.states("n1")], [[true], ["n2 in sync", "n3 behind"]]);
  mesh.pass(100);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 behind"]);
  mesh.join("n1", "n3");
  mesh.pass(2_200);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 in sync"]);
});

Deno.test("Mesh: a node is filled by a peer that reaches it, though it does not reach that peer", () => {
  const mesh = new MeshHarness(["n1", "n2"], ["n1"]);
  const { mesh: n1 } = mesh.member("n1");
  const { stream } = opened(mesh, "n1", "n2", [{ origin: "n2#b", seq: 5, stamp: 50 }]);
  for (let i = 0; i < 5; i++) {
    mesh.pass(1_000);
    stream.received({ type: "heartbeat", number: 0, version: [] });
  }
  assertStringIncludes(n1.unavailable ?? "", "5 are missing");
  stream.closed("connection reset");
  mesh.pass(1_900);
  assertStringIncludes(n1.unavailable ?? "", "looks for another");
  mesh.pass(200);
  assertEquals(n1.unavailable, undefined);
});

Deno.test("Mesh: the host hears of every change of the peers in sync, and when there is no connection to any", () => {
  const mesh = new MeshHarness(["n1", "n2"]);
  const n1 = mesh.member("n1");
  mesh.pass(500);
  const alone = "what this node stores is on its own disk only: n2 cannot be reached: see that it runs";
  assertEquals([n1.clusterChanges[0], n1.clusterChanges.at(-1), n1.mesh.alone], [
    alone,
    undefined,
    undefined,
  ]);
  const heard = n1.clusterChanges.length;
  mesh.pass(5_000);
  assertEquals(n1.clusterChanges.length, heard);
  mesh.kill("n2");
  mesh.settle();
  mesh.pass(200);
  assertEquals(n1.clusterChanges.slice(heard), [alone]);
  mesh.start("n2");
  mesh.pass(5_000);
  assertEquals([n1.clusterChanges.at(-1), mesh.states("n1")], [undefined, ["n2 in sync"]]);
});

Deno.test("Mesh: a node without peers is not called alone", () => {
  const mesh = new MeshHarness(["n1"]);
  mesh.pass(500);
  assertEquals(mesh.member("n1").mesh.alone, undefined);
});
