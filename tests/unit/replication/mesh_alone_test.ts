import { assertEquals, assertMatch } from "@std/assert";
import { removedText } from "../../../server/replication/alone.ts";
import { MeshHarness } from "../../testing/mesh_harness.ts";
import { MeshMember } from "../../testing/mesh_member.ts";

const NAMES = ["n1", "n2", "n3"];
const OTHERS = ["n1", "n2"];

function three(): MeshHarness {
  const mesh = new MeshHarness(NAMES);
  mesh.pass(500);
  return mesh;
}

/** Reloads a node with another list of peers. */
function reload(mesh: MeshHarness, name: string, nodes: readonly string[]): void {
  mesh.member(name).mesh.reconfigure(mesh.peersOf(name).filter((peer) => nodes.includes(peer.name)));
}

/** A node with an entry on its disk, not started yet. */
function withData(name: string): MeshMember {
  const member = new MeshMember(name);
  member.history.append(...three().member(name).write());
  return member;
}

Deno.test("Mesh: a node whose disk is full leaves the in-sync sets at once, and comes back when there is room", () => {
  const mesh = three();
  const n3 = mesh.member("n3");
  n3.full = "disk";
  mesh.pass(100);
  assertEquals(OTHERS.map((name) => mesh.states(name)[1]), ["n3 refused", "n3 refused"]);
  assertEquals(mesh.states("n3"), ["n1 behind", "n2 behind"]);
  assertMatch(n3.mesh.alone ?? "", /disk of this node is full/);
  assertEquals([n3.mesh.unavailable, n3.dismissals], [undefined, []], "it can be read");
  mesh.member("n1").write();
  mesh.pass(5_000);
  assertEquals([n3.history.entries.length, mesh.states("n1")], [0, ["n2 in sync", "n3 refused"]]);
  n3.full = undefined;
  mesh.pass(3_000);
  assertEquals([n3.history.entries.length, mesh.states("n1")], [1, ["n2 in sync", "n3 in sync"]]);
  assertEquals([n3.mesh.alone, mesh.states("n3")], [undefined, ["n1 in sync", "n2 in sync"]]);
});

Deno.test("Mesh: a node that every reachable peer refuses serves nobody, until one takes it", () => {
  const mesh = three();
  const n3 = mesh.member("n3");
  reload(mesh, "n1", OTHERS);
  mesh.pass(3_000);
  assertEquals([n3.mesh.unavailable, n3.mesh.alone], [undefined, undefined], "n2 takes it");
  reload(mesh, "n2", OTHERS);
  mesh.pass(300);
  assertEquals([n3.mesh.unavailable, n3.mesh.alone, n3.dismissals], [
    removedText(),
    removedText(),
    [removedText()],
  ]);
  mesh.pass(10_000);
  assertEquals(n3.dismissals.length, 1);
  for (const name of OTHERS) mesh.kill(name);
  mesh.pass(5_000);
  assertEquals(n3.mesh.unavailable, removedText(), "nobody has taken it since");
  mesh.start("n1");
  mesh.pass(3_000);
  assertEquals([n3.mesh.unavailable, n3.mesh.alone], [undefined, undefined]);
});

Deno.test("Mesh: peers that cannot be reached do not count, for or against", () => {
  const mesh = three();
  const n3 = mesh.member("n3");
  reload(mesh, "n1", OTHERS);
  mesh.kill("n2");
  mesh.pass(300);
  assertEquals(n3.mesh.unavailable, removedText());
  const alone = three();
  for (const name of OTHERS) alone.kill(name);
  alone.pass(5_000);
  assertEquals(alone.member("n3").mesh.unavailable, undefined);
  assertMatch(alone.member("n3").mesh.alone ?? "", /on its own disk only: n1 cannot be reached.*n2 cannot/);
});

Deno.test("Mesh: a node whose clock is refused serves on, and says so", () => {
  const mesh = new MeshHarness(NAMES, OTHERS);
  const n3 = new MeshMember("n3");
  n3.clockAheadMs = 90_000;
  mesh.start("n3", n3);
  mesh.pass(3_000);
  assertEquals([n3.mesh.unavailable, n3.dismissals], [undefined, []]);
  assertMatch(n3.mesh.alone ?? "", /n1 has another time: set the clocks right; n2 has another time/);
});

Deno.test("Mesh: a removed node that starts with data never serves, one with --alone does", () => {
  for (const servesAlone of [false, true]) {
    const mesh = new MeshHarness(NAMES, OTHERS);
    for (const name of OTHERS) reload(mesh, name, OTHERS);
    mesh.pass(500);
    const n3 = withData("n3");
    n3.servesAlone = servesAlone;
    mesh.start("n3", n3);
    assertEquals(n3.mesh.unavailable === undefined, servesAlone, "before any peer has answered");
    mesh.pass(100);
    assertEquals([n3.mesh.unavailable, n3.mesh.isLooking], [servesAlone ? undefined : removedText(), false]);
    assertEquals(n3.dismissals.length, servesAlone ? 0 : 1);
    assertMatch(n3.mesh.alone ?? "", servesAlone ? /was started with --alone/ : /serves nobody/);
  }
});

Deno.test("Mesh: a start waits a second at most for peers that do not answer", () => {
  const mesh = new MeshHarness(NAMES, OTHERS);
  for (const name of OTHERS) mesh.cut("n3", name);
  const { mesh: n3 } = mesh.start("n3", withData("n3"));
  mesh.pass(900);
  assertEquals([n3.isLooking, n3.unavailable], [true, "this node has just started and asks its peers first"]);
  mesh.pass(100);
  assertEquals([n3.isLooking, n3.unavailable], [false, undefined]);
});

Deno.test("Mesh: an empty node that its peers do not know yet is filled as soon as they take it", () => {
  const mesh = new MeshHarness(NAMES, OTHERS);
  for (const name of OTHERS) reload(mesh, name, OTHERS);
  mesh.member("n1").write(1_000);
  mesh.pass(500);
  const n3 = mesh.start("n3");
  mesh.pass(10_000);
  assertEquals([n3.mesh.isSearching, n3.isFilled, n3.mesh.unavailable], [false, false, removedText()]);
  for (const name of OTHERS) reload(mesh, name, NAMES);
  mesh.pass(3_000);
  assertEquals([n3.isFilled, n3.mesh.unavailable, n3.history.entries.length], [true, undefined, 1_000]);
});
