import { assertEquals } from "@std/assert";
import { type Condition, whyNotReady } from "../../../server/metrics/readiness.ts";

const SERVING: Condition = {
  isOpen: true,
  isArchive: false,
  isClosing: false,
  isDraining: false,
  full: undefined,
  unavailable: undefined,
};

Deno.test("whyNotReady() has no reason for a node that serves clients, and one line for each other", () => {
  assertEquals(whyNotReady(SERVING), undefined);
  const cases: [Partial<Condition> | undefined, string][] = [
    [undefined, "the node is starting: it reads its log"],
    [{ isOpen: false }, "the node is starting: it asks the other nodes first"],
    [{ isClosing: true }, "the node is closing"],
    [{ isClosing: true, isOpen: false }, "the node is closing"],
    [{ isDraining: true, full: "disk" }, "the node is draining: its clients move to other nodes"],
    [{ isDraining: true, isClosing: true }, "the node is closing"],
    [{ isArchive: true }, "the node is an archive, which serves no clients"],
    [{ unavailable: "3 of 9\nentries" }, "3 of 9 entries"],
    [{ unavailable: "3 of 9 entries", full: "disk" }, "3 of 9 entries"],
    [{ full: "disk" }, "the disk is full: nothing new is taken"],
    [{ full: "memory" }, "the memory is full: nothing new is taken"],
  ];
  for (const [condition, reason] of cases) {
    assertEquals(whyNotReady(condition && { ...SERVING, ...condition }), reason);
  }
  console.log(`${cases.length} conditions`);
});
