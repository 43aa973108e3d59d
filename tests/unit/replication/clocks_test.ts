import { assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { ClockWarnings } from "../../../server/replication/clocks.ts";
import { MeshHarness } from "../../testing/mesh_harness.ts";

const NAMES = ["n1", "n2", "n3"];
const MINUTE_MS = 60_000;

/** Longest time until clocks are compared again, ms, with a tick. */
const COMPARED_MS = 2_100;

/** Three nodes that have found each other. */
function three(): MeshHarness {
  const mesh = new MeshHarness(NAMES);
  mesh.pass(500);
  assertEquals(allStates(mesh), Array(6).fill("in sync"));
  return mesh;
}

function allStates(mesh: MeshHarness): string[] {
  return NAMES.flatMap((name) => mesh.member(name).mesh.status().map(({ state }) => state));
}

function stateOf(mesh: MeshHarness, name: string, peer: string): string | undefined {
  return mesh.states(name).find((each) => each.startsWith(peer))?.slice(peer.length + 1);
}

Deno.test("ClockWarnings are due once beyond ten seconds, and again when the distance changes by as much", () => {
  const warnings = new ClockWarnings();
  const due = [0, 10_000, 10_001, 15_000, 20_001, 20_002, 40_000, 0, 10_000, 10_001, 10_001, 3_000, 14_000];
  assertEquals(due.map((apartMs) => warnings.isDue(apartMs)), [
    ...[false, false, true, false, false, true, true, false, false, true, false, false, false],
  ]);
});

Deno.test("Mesh: a clock that jumps is said to all peers at once, and they part until it is right again", () => {
  for (const byMs of [2 * MINUTE_MS, -2 * MINUTE_MS, 3_600_000, -3_600_000]) {
    const mesh = three();
    mesh.member("n1").clockAheadMs = byMs;
    mesh.pass(byMs > 0 ? 100 : COMPARED_MS);
    assertEquals([stateOf(mesh, "n2", "n1"), stateOf(mesh, "n3", "n1")], ["refused", "refused"]);
    assertEquals(mesh.states("n1"), ["n2 refused", "n3 refused"]);
    assertEquals([stateOf(mesh, "n2", "n3"), stateOf(mesh, "n3", "n2")], ["in sync", "in sync"]);
    assertEquals(mesh.logged.filter((line) => line.includes("clockJumped")), ["n1 clockJumped"]);
    assertEquals(mesh.member("n1").mesh.clockJump?.byMs, byMs);
    for (const { reason } of mesh.member("n1").mesh.status()) {
      assertStringIncludes(reason ?? "", "s apart and the limit is 60 s; set them right");
    }
    mesh.pass(5_000);
    assertEquals(mesh.states("n1"), ["n2 refused", "n3 refused"]);
    mesh.member("n1").clockAheadMs = 0;
    mesh.pass(3_000);
    assertEquals(allStates(mesh), Array(6).fill("in sync"));
    assertEquals(mesh.member("n1").mesh.clockJump?.byMs, -byMs);
  }
});

Deno.test("Mesh: clocks that drift apart are warned of, then part", () => {
  const mesh = three();
  const n1 = mesh.member("n1");
  for (n1.clockAheadMs = 0; n1.clockAheadMs < MINUTE_MS; n1.clockAheadMs += 1_000) {
    mesh.pass(COMPARED_MS);
    assertEquals(allStates(mesh), Array(6).fill("in sync"), `${n1.clockAheadMs} ms apart`);
  }
  assertEquals(mesh.logged.filter((line) => line.includes("clock")).sort(), [
    ...Array(5).fill("n2 clocksApart"),
    ...Array(5).fill("n3 clocksApart"),
  ]);
  mesh.pass(COMPARED_MS);
  assertEquals(allStates(mesh), Array(6).fill("in sync"));
  n1.clockAheadMs++;
  mesh.pass(COMPARED_MS);
  assertEquals(mesh.states("n1"), ["n2 refused", "n3 refused"]);
  const refusals = mesh.sent.flatMap(({ from, message }) =>
    message.type === "refusal" ? [`${from} ${message.code}`] : []
  );
  assertEquals(refusals.slice(0, 2), ["n2 clock", "n3 clock"], "the nodes that are behind refuse");
  assertEquals(n1.mesh.clockJump, undefined);
});

Deno.test("Mesh: a peer of version 1.0 says no clock after its hello, and is not parted from", () => {
  const mesh = three();
  mesh.alters = ({ message }) =>
    message.type === "heartbeat" || message.type === "ack" ? { ...message, wallMs: undefined } : message;
  mesh.member("n1").clockAheadMs = 3_600_000;
  mesh.pass(20_000);
  assertEquals(allStates(mesh), Array(6).fill("in sync"));
});

Deno.test("Mesh: a node that was frozen for minutes hears old clocks, and is back after one more attempt", () => {
  for (const frozenMs of [5_000, 70_000, 300_000]) {
    const mesh = three();
    const n1 = mesh.member("n1");
    mesh.cut("n1", "n2");
    mesh.cut("n1", "n3");
    mesh.members.delete("n1");
    mesh.pass(frozenMs);
    mesh.members.set("n1", n1);
    mesh.join("n1", "n2");
    mesh.join("n1", "n3");
    mesh.pass(3_000);
    assertEquals(allStates(mesh), Array(6).fill("in sync"), `frozen for ${frozenMs} ms`);
    const logged = mesh.logged.length;
    mesh.pass(20_000);
    assertEquals(mesh.logged.slice(logged), []);
    assertEquals(n1.mesh.clockJump, undefined);
  }
});

Deno.test("Mesh: messages that come a little late do not part nodes whose clocks are nearly a minute apart", () => {
  const mesh = three();
  mesh.member("n1").clockAheadMs = MINUTE_MS - 500;
  mesh.pass(COMPARED_MS);
  for (let round = 0; round < 20; round++) {
    mesh.cut("n1", "n2");
    mesh.pass(1_500);
    mesh.join("n1", "n2");
    mesh.pass(100);
  }
  assertEquals(mesh.logged.filter((line) => line.includes("Refused") || line.includes("Refuses")), []);
  assertLessOrEqual(mesh.logged.filter((line) => line.includes("clocksApart")).length, 4);
  mesh.pass(3_000);
  assertEquals(allStates(mesh), Array(6).fill("in sync"));
});
