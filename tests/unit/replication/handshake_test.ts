import { assertEquals } from "@std/assert";
import type { Reached } from "../../../server/core/version.ts";
import { findFork, helloOf, helloProblem, listed, versionOf } from "../../../server/replication/handshake.ts";
import type { HelloMessage } from "../../../server/ports/peer_message.ts";

const OWN = { name: "n1", cluster: "test", origin: "n1#a" };

function hello(changed: Partial<HelloMessage> = {}): HelloMessage {
  return { ...helloOf({ name: "n2", cluster: "test", origin: "n2#b" }, 1_000_000, new Map()), ...changed };
}

function version(entries: Readonly<Record<string, readonly [number, number]>>): Map<string, Reached> {
  return new Map(
    Object.entries(entries).map(([origin, [seq, stamp]]) => [origin, { seq, stamp, chain: seq }]),
  );
}

Deno.test("helloOf() says who speaks, when, and what is there; versionOf() and listed() are each other's way back", () => {
  const here = version({ "n1#a": [3, 30], "n2#b": [1, 10] });
  const said = helloOf(OWN, 5, here);
  assertEquals(said, {
    type: "hello",
    major: 1,
    minor: 1,
    cluster: "test",
    node: "n1",
    wallMs: 5,
    version: [{ origin: "n1#a", seq: 3, stamp: 30, chain: 3 }, {
      origin: "n2#b",
      seq: 1,
      stamp: 10,
      chain: 1,
    }],
  });
  assertEquals(versionOf(said.version), here);
  assertEquals(listed(versionOf(said.version)), said.version);
});

Deno.test("helloProblem() has nothing against a node that is expected, of a newer minor version, a minute apart", () => {
  for (const wallMs of [940_000, 1_000_000, 1_060_000]) {
    assertEquals(helloProblem(OWN, hello({ minor: 7 }), "n2", wallMs), undefined);
  }
});

Deno.test("helloProblem() says what is wrong, and what to do", () => {
  const problems = [
    helloProblem(OWN, hello({ major: 2, minor: 3 }), "n2", 1_000_000),
    helloProblem(OWN, hello({ cluster: "other" }), "n2", 1_000_000),
    helloProblem(OWN, hello(), undefined, 1_000_000),
    helloProblem(OWN, hello(), "n3", 1_000_000),
    helloProblem(OWN, hello(), "n2", 1_060_001),
    helloProblem(OWN, hello(), "n2", 900_000),
  ];
  const apart = "s apart and the limit is 60 s; set them right";
  assertEquals(problems.map((problem) => problem && `${problem.type} ${problem.code}: ${problem.message}`), [
    "refusal version: n2 speaks version 2.3 of the replication protocol and n1 1.1; " +
    "start both nodes with releases of one major version",
    "refusal cluster: n2 is of the cluster other and n1 of test",
    "refusal stranger: n2 is no node in the configuration of n1; add it there and reload with SIGHUP",
    "refusal stranger: this is n2 and should be n3; look at hosts, ports and certificates",
    `refusal clock: the clocks of n2 and n1 are 61 ${apart}`,
    `refusal clock: the clocks of n2 and n1 are 100 ${apart}`,
  ]);
});

Deno.test("findFork() finds nothing where one is behind the other, or knows other origins", () => {
  const here = version({ "n1#a": [3, 30], "n2#b": [5, 50] });
  for (
    const theirs of [
      version({}),
      version({ "n1#a": [3, 30], "n2#b": [5, 50] }),
      version({ "n1#a": [2, 99] }),
      version({ "n2#b": [6, 1] }),
      version({ "n3#c": [1, 1] }),
    ]
  ) assertEquals(findFork(OWN, here, theirs), undefined);
});

Deno.test("findFork() finds another entry in the same place, and own entries that are not here", () => {
  const here = version({ "n1#a": [3, 30], "n2#b": [5, 50] });
  const found = [
    version({ "n2#b": [5, 51] }),
    version({ "n1#a": [3, 31] }),
    version({ "n1#a": [4, 40] }),
  ].map((theirs) => findFork(OWN, here, theirs));
  assertEquals(found, [
    { place: { origin: "n2#b", seq: 5, stamp: 51, chain: 5 }, isOwn: false },
    { place: { origin: "n1#a", seq: 3, stamp: 31, chain: 3 }, isOwn: true },
    { place: { origin: "n1#a", seq: 4, stamp: 40, chain: 4 }, isOwn: true },
  ]);
  const own = { place: { origin: "n1#a", seq: 1, stamp: 1, chain: 1 }, isOwn: true };
  assertEquals(findFork(OWN, new Map(), version({ "n1#a": [1, 1] })), own);
});
