import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { MeshHarness } from "../../testing/mesh_harness.ts";
import { MeshMember } from "../../testing/mesh_member.ts";

const NAMES = ["n1", "n2", "n3"];

/** Three nodes that have found each other. */
function three(): MeshHarness {
  const mesh = new MeshHarness(NAMES);
  mesh.pass(500);
  for (const name of NAMES) {
    assertEquals(mesh.states(name), NAMES.filter((each) => each !== name).map((each) => `${each} in sync`));
  }
  return mesh;
}

/** Number of entries on the disk of every node. */
function entriesHeld(mesh: MeshHarness): number[] {
  return [...mesh.members.values()].map((member) => member.history.entries.length);
}

Deno.test("Mesh: entries of every node come to all others, each once over each stream", () => {
  const mesh = three();
  for (let round = 0; round < 30; round++) {
    for (const name of NAMES) mesh.member(name).write(2);
    mesh.pass(300);
  }
  mesh.pass(5_000);
  assertEquals(entriesHeld(mesh), [180, 180, 180]);
  for (const from of NAMES) {
    for (const to of NAMES) if (from !== to) assertEquals(mesh.entriesSent(from, to), 60, `${from} to ${to}`);
  }
});

Deno.test("Mesh: entries leave as soon as they are durable, and are acknowledged at once", () => {
  const mesh = three();
  const n1 = mesh.member("n1");
  n1.write();
  assertEquals([n1.mesh.copies({ seq: 1 }), n1.mesh.isAwaited({ seq: 1 })], [0, true]);
  mesh.settle();
  assertEquals([n1.mesh.copies({ seq: 1 }), n1.mesh.isAwaited({ seq: 1 })], [2, false]);
});

Deno.test("Mesh: nothing leaves that is not durable", () => {
  const mesh = three();
  const n1 = mesh.member("n1");
  n1.isStuck = true;
  n1.write();
  mesh.pass(3_000);
  assertEquals(mesh.entriesSent("n1", "n2"), 0);
  n1.isStuck = false;
  mesh.settle();
  assertEquals(entriesHeld(mesh), [1, 1, 1]);
});

Deno.test("Mesh: entries find their way over another node where one link is cut, within about a second", () => {
  const mesh = three();
  mesh.cut("n1", "n3");
  mesh.member("n1").write(5);
  mesh.settle();
  assertEquals(entriesHeld(mesh), [5, 5, 0]);
  mesh.pass(900);
  assertEquals(entriesHeld(mesh), [5, 5, 0]);
  mesh.pass(300);
  assertEquals(entriesHeld(mesh), [5, 5, 5]);
  assertEquals(mesh.entriesSent("n2", "n3"), 5);
});

Deno.test("Mesh: a link that was cut for long is found dead, and joins again", () => {
  const mesh = three();
  mesh.cut("n1", "n3");
  mesh.member("n1").write();
  mesh.pass(1_500);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 behind"]);
  mesh.pass(11_000);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 unreachable"]);
  mesh.join("n1", "n3");
  mesh.pass(3_000);
  assertEquals([mesh.states("n1"), mesh.states("n3")], [
    ["n2 in sync", "n3 in sync"],
    ["n1 in sync", "n2 in sync"],
  ]);
  mesh.member("n1").write();
  mesh.settle();
  assertEquals(entriesHeld(mesh), [2, 2, 2]);
});

Deno.test("Mesh: an idle mesh stays in sync and says little", () => {
  const mesh = three();
  const before = mesh.sent.length;
  mesh.pass(20_000);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 in sync"]);
  const said = mesh.sent.slice(before);
  assertEquals(new Set(said.map(({ message }) => message.type)), new Set(["heartbeat", "ack"]));
  // Six streams with two ends each, one message every 2 s.
  assertEquals(said.length, 6 * 2 * 10);
});

Deno.test("Mesh: an acknowledgement that gets lost is told again within 2 s", () => {
  const mesh = three();
  const n1 = mesh.member("n1");
  mesh.loses = ({ from, message }) => from === "n3" && message.type === "ack" && message.version.length > 0;
  n1.write();
  mesh.pass(1_500);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 behind"]);
  mesh.loses = () => false;
  mesh.pass(2_100);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 in sync"]);
  assertEquals(entriesHeld(mesh), [1, 1, 1]);
});

Deno.test("Mesh: entries that get lost are sent again over another stream, the last ones too", () => {
  for (const isLast of [true, false]) {
    const mesh = three();
    const n1 = mesh.member("n1");
    mesh.loses = ({ from, to, message }) => from === "n1" && to === "n3" && message.type === "entries";
    n1.write();
    mesh.settle();
    mesh.loses = () => false;
    if (!isLast) n1.write();
    mesh.settle();
    const expected = isLast ? 1 : 2;
    mesh.pass(isLast ? 2_500 : 500);
    assertEquals(entriesHeld(mesh), [expected, expected, expected]);
    mesh.pass(1_000);
    assertEquals(mesh.states("n1"), ["n2 in sync", "n3 in sync"]);
  }
});

Deno.test("Mesh: a peer with a slow disk is not waited for, and is in sync again once it has caught up", () => {
  const mesh = three();
  const [n1, n2] = [mesh.member("n1"), mesh.member("n2")];
  n2.isStuck = true;
  n1.write();
  mesh.pass(700);
  assertEquals([mesh.states("n1"), n1.mesh.isAwaited({ seq: 1 })], [["n2 in sync", "n3 in sync"], true]);
  mesh.pass(300);
  assertEquals([mesh.states("n1"), n1.mesh.isAwaited({ seq: 1 })], [["n2 behind", "n3 in sync"], false]);
  assertEquals([n1.mesh.copies({ seq: 1 }), n1.mesh.status()[0]?.entriesBehind], [1, 1]);
  n2.isStuck = false;
  mesh.settle();
  assertEquals([mesh.states("n1"), n1.mesh.copies({ seq: 1 })], [["n2 in sync", "n3 in sync"], 2]);
});

Deno.test("Mesh: a peer that is gone is not waited for any longer than it takes to notice", () => {
  const mesh = three();
  const n1 = mesh.member("n1");
  mesh.kill("n2");
  mesh.member("n1").write();
  mesh.settle();
  assertEquals([mesh.states("n1"), n1.mesh.isAwaited({ seq: 1 })], [["n2 unreachable", "n3 in sync"], false]);
  assertEquals(n1.mesh.copies({ seq: 1 }), 1);
});

Deno.test("Mesh: a node that was away for long is in sync with the others soon after it is back", () => {
  const mesh = three();
  const disk = mesh.kill("n2");
  mesh.pass(30_000);
  mesh.start("n2", disk);
  mesh.pass(300);
  assertEquals([mesh.states("n1")[0], mesh.states("n3")[1]], ["n2 in sync", "n2 in sync"]);
});

Deno.test("Mesh: a node that was away gets what it lacks, also what a third one wrote that is gone now", () => {
  const mesh = three();
  const disk = mesh.kill("n3");
  mesh.member("n1").write(700);
  mesh.member("n2").write(10);
  mesh.pass(3_000);
  mesh.kill("n1");
  mesh.member("n2").write(5);
  mesh.pass(1_000);
  mesh.start("n3", disk);
  mesh.pass(2_000);
  assertEquals(entriesHeld(mesh), [715, 715]);
  assertEquals(mesh.states("n3"), ["n1 unreachable", "n2 in sync"]);
});

Deno.test("Mesh: a node whose disk was lost is filled before it serves, and gets everything", () => {
  const mesh = three();
  for (const name of NAMES) mesh.member(name).write(1_500);
  mesh.pass(3_000);
  mesh.kill("n3");
  mesh.pass(1_000);
  const n3 = mesh.start("n3", new MeshMember("n3", "n3#bbbbbbbbbbbb"));
  assertStringIncludes(n3.mesh.unavailable ?? "", "looks for another");
  mesh.pass(3_000);
  assertEquals([n3.mesh.unavailable, n3.history.entries.length], [undefined, 4_500]);
  mesh.pass(3_000);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 in sync"]);
});

Deno.test("Mesh: what comes while a node is filled changes nothing of that it serves after what was there", () => {
  const mesh = three();
  mesh.member("n1").write(2_000);
  mesh.pass(2_000);
  mesh.kill("n3");
  const n3 = mesh.start("n3", new MeshMember("n3", "n3#bbbbbbbbbbbb"));
  n3.isStuck = true;
  mesh.pass(1_000);
  assertStringIncludes(n3.mesh.unavailable ?? "", "it has 0 entries, and 2000 are missing");
  n3.isStuck = false;
  mesh.settle();
  mesh.pass(100);
  assertEquals(n3.mesh.unavailable, undefined);
});

Deno.test("Mesh: a node without peers serves at once, one with a disk after the first word of its peers", () => {
  const mesh = new MeshHarness(NAMES, []);
  const disk = new MeshMember("n1");
  disk.write();
  disk.sync();
  const { mesh: n1 } = mesh.start("n1", disk);
  assertEquals([n1.isLooking, n1.unavailable], [true, "this node has just started and asks its peers first"]);
  mesh.pass(100);
  assertEquals([n1.isLooking, n1.unavailable], [false, undefined]);
  assertEquals(mesh.start("n2", new MeshMember("n2"), []).mesh.unavailable, undefined);
});

Deno.test("Mesh: nobody answers at the start of a whole cluster, and all serve at once", () => {
  const mesh = new MeshHarness(NAMES);
  assertGreater(mesh.member("n1").mesh.unavailable?.length ?? 0, 0);
  mesh.pass(200);
  assertEquals(NAMES.map((name) => mesh.member(name).mesh.unavailable), [undefined, undefined, undefined]);
  const alone = new MeshHarness(NAMES, ["n1"]);
  alone.pass(200);
  assertEquals(alone.member("n1").mesh.unavailable, undefined);
});
