import { assertEquals } from "@std/assert";
import { MeshHarness } from "../../testing/mesh_harness.ts";

/** Lets some nodes sync once in `syncMs` while `n1` writes an entry every 100 ms. */
function work(mesh: MeshHarness, slow: readonly string[], forMs: number, syncMs = 300): void {
  for (let ms = 0; ms < forMs; ms += 100) {
    for (const name of slow) {
      const member = mesh.members.get(name);
      if (member) member.isStuck = ms % syncMs !== syncMs - 100;
    }
    mesh.member("n1").write();
    mesh.pass(100);
  }
  for (const name of slow) {
    const member = mesh.members.get(name);
    if (member) member.isStuck = false;
  }
}

function meshOf(names: readonly string[]): MeshHarness {
  const mesh = new MeshHarness(names);
  mesh.pass(500);
  return mesh;
}

Deno.test("Mesh: a peer with a slow disk leaves the in-sync set, and comes back 10 s after it is fast", () => {
  const mesh = meshOf(["n1", "n2", "n3"]);
  const { mesh: n1 } = mesh.member("n1");
  work(mesh, ["n3"], 3_000);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 slow"]);
  assertEquals(n1.isAwaited({ seq: 1_000 }), true);
  const seq = mesh.member("n1").history.end.version.get("n1#aaaaaaaaaaaa")?.seq ?? 0;
  mesh.member("n3").isStuck = true;
  mesh.member("n1").write();
  mesh.pass(100);
  assertEquals([n1.isAwaited({ seq: seq + 1 }), n1.copies({ seq: seq + 1 })], [false, 1], "n2 has it");
  mesh.member("n3").isStuck = false;
  work(mesh, [], 5_000);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 slow"]);
  work(mesh, [], 11_000);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 in sync"]);
  const said = mesh.logged.filter((line) => line.startsWith("n1 peerS"));
  assertEquals(said, ["n1 peerSlow", "n1 peerSteady"]);
});

Deno.test("Mesh: a peer that falls behind again and again, and catches up each time, is slow too", () => {
  const mesh = meshOf(["n1", "n2", "n3"]);
  const states = new Set<string | undefined>();
  for (let i = 0; i < 12; i++) {
    work(mesh, ["n3"], 1_200, 1_200);
    states.add(mesh.states("n1")[1]);
  }
  assertEquals([...states].at(-1), "n3 slow");
});

Deno.test("Mesh: a slow peer comes back after a minute without entries", () => {
  const mesh = meshOf(["n1", "n2", "n3"]);
  work(mesh, ["n3"], 3_000);
  mesh.pass(50_000);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 slow"]);
  mesh.pass(16_000);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 in sync"]);
});

Deno.test("Mesh: the only peer stays in sync however slow it is, and so do peers that are slow together", () => {
  const two = meshOf(["n1", "n2"]);
  work(two, ["n2"], 5_000);
  assertEquals(two.states("n1"), ["n2 in sync"]);
  const three = meshOf(["n1", "n2", "n3"]);
  work(three, ["n2", "n3"], 5_000);
  assertEquals(three.states("n1"), ["n2 in sync", "n3 in sync"]);
});

Deno.test("Mesh: a slow peer counts again while no other is in sync", () => {
  const mesh = meshOf(["n1", "n2", "n3"]);
  work(mesh, ["n3"], 3_000);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 slow"]);
  mesh.kill("n2");
  mesh.settle();
  assertEquals(mesh.states("n1"), ["n2 unreachable", "n3 in sync"]);
  mesh.start("n2");
  mesh.pass(500);
  work(mesh, ["n3"], 3_000);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 slow"]);
});

Deno.test("Mesh: of five nodes two may be slow, and their names are still asked for", () => {
  const mesh = meshOf(["n1", "n2", "n3", "n4", "n5"]);
  work(mesh, ["n4", "n5"], 4_000);
  assertEquals(mesh.states("n1"), ["n2 in sync", "n3 in sync", "n4 slow", "n5 slow"]);
  mesh.member("n5").takenNames.add("ann");
  let isGranted: boolean | undefined;
  mesh.member("n1").mesh.reserve("ann", (granted) => isGranted = granted);
  mesh.settle();
  assertEquals(isGranted, false);
});
