import { assertEquals, assertStringIncludes } from "@std/assert";
import { HEARTBEAT_MS } from "../../../server/replication/replication_limits.ts";
import { ForkedMesh, NEW_ORIGIN, ORIGIN, PAIRS } from "../../testing/forked_mesh.ts";

/** Time within which a fork is seen, ms: a heartbeat, and a tick of each end. */
const SEEN_MS = HEARTBEAT_MS + 200;

/** The original reaches n2 only and the copy n3 only, and both write. */
function apart(original: number, copy: number): ForkedMesh {
  const forked = new ForkedMesh();
  forked.cut("n1", "n3");
  forked.copy();
  forked.cut("copy", "n2");
  forked.mesh.pass(12_000);
  forked.write("n1", original);
  forked.mesh.pass(200);
  forked.write("copy", copy);
  return forked;
}

Deno.test("Forks: a fork is seen within a heartbeat though each copy reaches another node only", () => {
  for (const [original, copy] of [[1, 1], [1, 3], [4, 2], [3, 3]] as const) {
    const forked = apart(original, copy);
    assertEquals(forked.halted, []);
    forked.mesh.pass(SEEN_MS);
    assertEquals(forked.aware, ["n1", "n2", "n3", "copy"], `${original} and ${copy} entries`);
    forked.mesh.pass(500);
    assertEquals(forked.halted, ["n1", "copy"]);
    for (const label of ["n1", "copy", "n2", "n3"]) {
      const { fork, halted } = forked.member(label);
      const isThird = label === "n2" || label === "n3";
      assertEquals([fork?.origin, fork?.after, fork?.isThird], [ORIGIN, 3, isThird], label);
      if (!isThird) assertStringIncludes(halted?.message ?? "", `The branches part after entry 3`);
    }
    assertEquals(forked.member("n2").fork?.chain, forked.member("n3").fork?.chain);
  }
});

Deno.test("Forks: third nodes go on, in sync with each other, and say who holds what", () => {
  const forked = apart(2, 5);
  forked.mesh.pass(SEEN_MS);
  for (const label of ["n1", "copy"]) forked.mesh.kill(label);
  for (const label of ["n2", "n3"]) forked.write(label, 2);
  forked.mesh.pass(12_000);
  const [n2, n3] = [forked.member("n2"), forked.member("n3")];
  assertEquals(forked.mesh.states("n2"), ["n1 unreachable", "n3 in sync"]);
  assertEquals(forked.mesh.states("n3"), ["n1 unreachable", "n2 in sync"]);
  assertEquals(n2.mesh.status().map(({ entriesBehind }) => entriesBehind)[1], 0);
  assertEquals(n2.mesh.forks.map(({ origin, after }) => [origin, after]), [[ORIGIN, 3]]);
  assertEquals(n2.mesh.forks[0]?.other.includes("n3"), true);
  assertEquals(n3.mesh.forks[0]?.other.includes("n2"), true);
  assertEquals([forked.stamps("n2").length, forked.stamps("n3").length], [5, 8]);
  const versions = [n2, n3].map(({ version }) => [...version.keys()].sort());
  assertEquals(versions[0], versions[1]);
  const shared = new Map([...n2.version, [ORIGIN, { seq: 2, stamp: 0 }] as const]);
  assertEquals(n2.mesh.copies({ seq: 2, version: shared }), 1);
  assertEquals(n2.mesh.copies({ seq: 2, version: new Map(n2.version) }), 0, "n3 has other entries of n1");
  assertEquals(n2.mesh.isAwaited({ seq: 2, version: new Map(n2.version) }), false);
  assertEquals(n2.mesh.isBehind, false);
});

Deno.test("Forks: a half acknowledges nothing and passes nothing on from the moment it knows", () => {
  const forked = apart(1, 2);
  forked.mesh.pass(SEEN_MS);
  const before = forked.mesh.sent.length;
  for (const label of ["n1", "copy"]) {
    assertStringIncludes(forked.member(label).forsaken ?? "", "both copies were used");
    forked.write(label, 1);
  }
  forked.write("n2", 1);
  forked.mesh.pass(5_000);
  const said = forked.mesh.sent.slice(before).filter(({ from }) => from === "n1" || from === "copy");
  assertEquals(said.filter(({ message }) => message.type === "entries" || message.type === "ack"), []);
});

Deno.test("Forks: after a repair nothing is lost, and all nodes hold the same", () => {
  for (const isCopyNew of [true, false]) {
    const forked = apart(2, 5);
    forked.mesh.pass(SEEN_MS + 500);
    const [moved, kept] = isCopyNew ? [["copy", "n3"], ["n1", "n2"]] : [["n1", "n2"], ["copy", "n3"]];
    for (const label of moved) forked.repair(label, true);
    for (const label of kept) if (label !== "n2" && label !== "n3") forked.repair(label, false);
    for (const [a, b] of PAIRS) if (a !== "copy" || isCopyNew) forked.join(a, b);
    // Only one node of a name goes on; the other has the same by now, and is stopped.
    forked.mesh.pass(20_000);
    assertEquals(forked.halted, []);
    const held = ["n2", "n3"].map((label) => [
      forked.stamps(label).length,
      forked.member(label).history.entries.filter(({ origin }) => origin === NEW_ORIGIN).length,
    ]);
    const expected = isCopyNew ? [5, 5] : [8, 2];
    assertEquals(held, [expected, expected]);
    for (const label of ["n2", "n3"]) {
      assertEquals([forked.member(label).mesh.forks, forked.member(label).fork], [[], undefined]);
    }
  }
});

Deno.test("Forks: a third node with the losing branch gets well with an empty disk too", () => {
  const forked = apart(2, 5);
  forked.mesh.pass(SEEN_MS + 500);
  forked.mesh.kill("copy");
  forked.mesh.kill("n3");
  forked.mesh.routes.clear();
  forked.join("n1", "n3");
  forked.repair("n1", false);
  forked.mesh.start("n3");
  forked.mesh.pass(20_000);
  assertEquals(forked.halted, []);
  assertEquals(forked.stamps("n3"), forked.stamps("n2"));
  assertEquals(forked.mesh.states("n2"), ["n1 in sync", "n3 in sync"]);
  assertEquals([forked.member("n2").mesh.forks, forked.member("n2").fork], [[], undefined]);
});

Deno.test("Forks: a fork lasts as long as any peer has another branch", () => {
  const forked = apart(2, 5);
  forked.mesh.pass(SEEN_MS + 500);
  forked.cut("n2", "n3");
  for (const label of ["copy", "n1"]) forked.repair(label, true);
  for (const label of ["n2", "n3"]) forked.join(label, "copy");
  forked.mesh.routes.set("n2>n1", "copy");
  forked.mesh.kill("n1");
  forked.mesh.pass(12_000);
  for (const label of ["n2", "n3"]) assertEquals(forked.member(label).fork?.after, 3, label);
  assertEquals(forked.member("n2").mesh.forks.map(({ other, unseen }) => [...other, ...unseen]), [["n3"]]);
  forked.repair("n3", true);
  forked.join("n2", "n3");
  forked.mesh.pass(20_000);
  for (const label of ["n2", "n3"]) {
    assertEquals([forked.member(label).mesh.forks, forked.member(label).fork], [[], undefined], label);
  }
});

Deno.test("Forks: a fork is known after a restart, until all peers were seen without another branch", () => {
  const forked = apart(2, 5);
  forked.mesh.pass(SEEN_MS + 500);
  for (const [a, b] of PAIRS) forked.cut(a, b);
  forked.mesh.start("n2", forked.mesh.kill("n2"), forked.mesh.peersOf("n2"));
  const forks = (): unknown[] => forked.member("n2").mesh.forks.map(({ after, unseen }) => [after, unseen]);
  assertEquals(forks(), [[3, ["n1", "n3"]]]);
  forked.repair("n1", false);
  forked.join("n1", "n2");
  forked.mesh.pass(12_000);
  assertEquals(forks(), [[3, ["n3"]]]);
  forked.repair("n3", true);
  forked.join("n2", "n3");
  forked.mesh.pass(12_000);
  assertEquals([forks(), forked.member("n2").fork], [[], undefined]);
});

Deno.test("Forks: nobody waits for a peer that is not configured any more", () => {
  const forked = apart(2, 5);
  forked.mesh.pass(SEEN_MS + 500);
  const [n2] = [forked.member("n2")];
  n2.mesh.reconfigure(forked.mesh.peersOf("n2").filter(({ name }) => name === "n3"));
  assertEquals(n2.mesh.forks.map(({ other, unseen }) => [other, unseen]), [[["n3"], []]]);
  n2.mesh.reconfigure([]);
  assertEquals([n2.mesh.forks, n2.fork], [[], undefined]);
});

Deno.test("Forks: two copies at the same peers are found however far back they part, and end no other streams", () => {
  for (const [original, copy] of [[400, 300], [100, 400], [400, 1]] as const) {
    const forked = new ForkedMesh();
    forked.copy();
    forked.mesh.routes.clear();
    for (const label of ["n2", "n3"]) forked.cut("copy", label);
    forked.write("copy", copy);
    forked.mesh.pass(200);
    forked.write("n1", original);
    forked.mesh.pass(15_000);
    const before = forked.mesh.logged.length;
    for (const label of ["n2", "n3"]) forked.join("copy", label);
    forked.mesh.pass(8_000);
    const name = `${original} and ${copy} entries`;
    assertEquals(forked.halted, ["n1", "copy"], name);
    for (const label of ["n1", "copy", "n2", "n3"]) {
      assertEquals(forked.member(label).fork?.after, 3, `${name} ${label}`);
    }
    const logged = forked.mesh.logged.slice(before).filter((line) => /^n[23] (forkOver|forkSeen)/.test(line));
    assertEquals(logged, ["n2 forkSeen", "n3 forkSeen"], name);
  }
});

Deno.test("Forks: no two connected nodes differ unseen, whatever is cut and however much is written", () => {
  for (let pattern = 0; pattern < 32; pattern++) {
    for (const [original, copy] of [[0, 2], [1, 1], [2, 5], [5, 2], [3, 0]] as const) {
      const forked = new ForkedMesh();
      forked.copy();
      PAIRS.forEach(([a, b], i) => (pattern >> i & 1) === 1 && forked.cut(a, b));
      forked.write("n1", original);
      forked.mesh.pass(100);
      forked.write("copy", copy);
      forked.mesh.pass(15_000);
      const name = `pattern ${pattern}, ${original} and ${copy} entries`;
      const unaware = forked.differing.filter((pair) => pair.some((label) => !forked.aware.includes(label)));
      assertEquals(unaware, [], name);
      assertEquals(forked.halted.filter((label) => label === "n2" || label === "n3"), [], name);
      if (original === 0 || copy === 0) continue;
      assertEquals(forked.halted, forked.isLinked ? ["n1", "copy"] : [], name);
    }
  }
});

Deno.test("Forks: of an origin that nobody writes any more nobody halts", () => {
  const forked = apart(0, 0);
  const old = (stamp: number) => ({ origin: "n1#000000000000", seq: 1, stamp, type: "later" }) as never;
  forked.mesh.cut("n2", "n3");
  const disks = ["n1", "n2", "n3", "copy"].map((label) => [label, forked.mesh.kill(label)] as const);
  for (const [label, disk] of disks) {
    disk.history.append(old(label === "n1" || label === "n2" ? 10 : 20));
    forked.mesh.start(label, disk, forked.mesh.peersOf(disk.name));
  }
  forked.mesh.join("n2", "n3");
  forked.mesh.pass(SEEN_MS);
  assertEquals(forked.halted, []);
  for (const label of ["n2", "n3"]) {
    assertEquals(forked.member(label).mesh.forks.map(({ origin, after }) => [origin, after]), [[
      "n1#000000000000",
      0,
    ]]);
  }
  for (const [a, b] of PAIRS) forked.join(a, b);
  forked.mesh.pass(15_000);
  assertEquals(forked.halted, []);
});
