import { assertEquals, assertMatch } from "@std/assert";
import { ForkedMesh } from "../../testing/forked_mesh.ts";

/** A mesh in which node n3 is away. */
interface Away {
  readonly forked: ForkedMesh;
  /** Starts n3 on its disk. */
  comesBack(): void;
}

/** The third nodes have found the fork while both halves were away, and node n3 is away again. */
function halfComesBack(before: (forked: ForkedMesh) => void = () => {}): Away {
  const forked = new ForkedMesh();
  forked.cut("n1", "n3");
  forked.copy();
  forked.cut("copy", "n2");
  forked.cut("n2", "n3");
  forked.write("n1", 2);
  forked.mesh.pass(200);
  forked.write("copy", 5);
  forked.mesh.pass(200);
  forked.cut("n1", "n2");
  forked.cut("copy", "n3");
  forked.join("n2", "n3");
  forked.mesh.pass(15_000);
  const n3 = forked.mesh.kill("n3");
  assertEquals([forked.halted, forked.member("n2").fork?.after], [[], 3]);
  before(forked);
  forked.join("n1", "n2");
  const comesBack = (): void => void forked.mesh.start("n3", n3, forked.mesh.peersOf("n3"));
  return { forked, comesBack };
}

function restart(forked: ForkedMesh, label: string): void {
  forked.mesh.start(label, forked.mesh.kill(label), forked.mesh.peersOf(label));
}

Deno.test("Forks: a half is told by a node that knows the fork, while the holder of the other branch is away", () => {
  const { forked } = halfComesBack();
  forked.mesh.pass(5_000);
  assertEquals(forked.halted, ["n1"]);
  assertEquals(forked.member("n1").fork?.after, 3);
  assertEquals(forked.member("n1").fork?.other, forked.member("n2").fork?.other);
});

Deno.test("Forks: a half is told by a node that was restarted since it has found the fork", () => {
  const { forked } = halfComesBack((forked) => restart(forked, "n2"));
  forked.mesh.pass(5_000);
  assertEquals([forked.halted, forked.member("n1").fork?.after], [["n1"], 3]);
});

/** As `halfComesBack`, but the half has chosen its branch by then. */
function settled(): Away {
  const { forked, comesBack } = halfComesBack();
  forked.mesh.pass(5_000);
  forked.repair("n1", false);
  forked.mesh.pass(12_000);
  return { forked, comesBack };
}

Deno.test("Forks: a half that was told to go on with its branch is not stopped by the other one again", () => {
  const { forked, comesBack } = settled();
  restart(forked, "n2");
  forked.mesh.pass(12_000);
  assertEquals([forked.halted, forked.mesh.states("n1")[0]], [[], "n2 in sync"]);
  forked.cut("n2", "n3");
  forked.join("n1", "n3");
  forked.mesh.routes.clear();
  comesBack();
  forked.write("n1", 2);
  forked.mesh.pass(12_000);
  assertEquals(forked.halted, []);
  assertEquals(forked.stamps("n2").length, 7);
  assertEquals(forked.member("n3").mesh.forks.map(({ other }) => other), [["n1"]]);
  assertEquals(forked.mesh.states("n1"), ["n2 in sync", "n3 refused"]);
  const seq = forked.stamps("n1").length;
  assertEquals(forked.member("n1").mesh.copies({ seq }), 1, "n3 has as many entries, and others");
});

Deno.test("Forks: a node whose entries nobody takes says so, and why", () => {
  const { forked, comesBack } = settled();
  comesBack();
  forked.mesh.pass(5_000);
  forked.write("n1", 1);
  forked.mesh.pass(2_000);
  assertEquals(forked.mesh.states("n1")[0], "n2 refused");
  assertMatch(
    forked.member("n1").mesh.alone ?? "",
    /on its own disk only: n2 takes none of its entries.*chat-server status at that node; n3 cannot be reached/,
  );
  assertEquals(forked.halted, []);
});

Deno.test("Forks: another branch stops a half that has chosen its own", () => {
  for (const isEarlier of [true, false]) {
    const { forked } = settled();
    const { settled: [fork] } = forked.member("n1");
    const disk = forked.mesh.kill("n1");
    disk.settled = fork === undefined ? [] : [{ ...fork, ...(isEarlier ? { after: 2 } : { other: 7 }) }];
    forked.mesh.start("n1", disk, forked.mesh.peersOf("n1"));
    forked.mesh.pass(5_000);
    assertEquals(forked.halted, ["n1"]);
  }
});

Deno.test("Forks: a third node with a gap before the branching hides no fork, and finds the entry", () => {
  const forked = withGap([2], 2, 5);
  assertEquals(forked.halted, ["n1", "copy"]);
  const forks = ["n1", "copy", "n2", "n3"].map((label) => forked.member(label).fork);
  assertEquals(forks.map((fork) => fork?.after), [3, 3, 3, 3]);
  assertEquals(new Set(forks.map((fork) => fork?.chain)).size, 1);
  assertEquals(forks.every((fork) => fork?.other !== undefined), true);
});

Deno.test("Forks: a gap at the branching ends the search, and both halves halt with a place to part at", () => {
  for (const lost of [[3], [4], [2, 3, 4], [4, 5]]) {
    const forked = withGap(lost, 5, 9);
    assertEquals(forked.halted, ["n1", "copy"], `${lost}`);
    for (const label of ["n1", "copy", "n2", "n3"]) {
      const { fork, halted } = forked.member(label);
      const after = fork?.after ?? Infinity;
      assertEquals(after <= 3 && after >= (lost[0] ?? 0) - 1, true, `${label} without ${lost}: ${after}`);
      if (label === "n1" || label === "copy") assertMatch(halted?.message ?? "", /branches part after entry/);
    }
  }
});

/** Two branches behind entry 3, and node n2 without some entries. */
function withGap(lost: readonly number[], original: number, copy: number): ForkedMesh {
  const forked = new ForkedMesh();
  forked.cut("n1", "n3");
  forked.copy();
  forked.cut("copy", "n2");
  forked.cut("n2", "n3");
  forked.write("n1", original);
  forked.mesh.pass(200);
  forked.write("copy", copy);
  forked.mesh.pass(200);
  forked.lose("n2", lost);
  forked.mesh.pass(5_000);
  assertEquals([forked.halted, forked.stamps("n2").length], [[], 3 + original - lost.length]);
  forked.join("n2", "n3");
  forked.mesh.pass(8_000);
  assertEquals(forked.aware.sort(), ["copy", "n1", "n2", "n3"]);
  return forked;
}
