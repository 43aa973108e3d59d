import { assertEquals, assertStringIncludes } from "@std/assert";
import { forkWayOut } from "../../../server/core/fork_way_out.ts";
import { branchPlanText, keptOriginText, movedText } from "../../../server/commands/fork_report.ts";

const FORK = { origin: "node1#000000000001", after: 7, chain: 5, seenMs: 1_700_000_000_000 };
const PLAN = { fork: FORK, origin: "node1#abcdefabcdef", entries: 12, hasGoneOn: false };

Deno.test("branchPlanText() says what is there, and what each way out does", () => {
  const text = branchPlanText([PLAN, { ...PLAN, origin: undefined, entries: 0 }]);
  const place =
    "node1#000000000001 has two branches behind entry 7 (found 2023-11-14T22:13:20.000Z): another " +
    "node has other entries of it than this one";
  assertEquals(text.split("\n").slice(0, 2), [
    `${place}. --as-new-origin would make the 12 of this log entries of node1#abcdefabcdef`,
    `${place}. This log has none behind that entry`,
  ]);
  assertStringIncludes(text, `Nothing was changed\n${forkWayOut(FORK.origin)}`);
});

Deno.test("movedText() says what was moved, or that there was no fork", () => {
  const text = movedText([PLAN, { ...PLAN, origin: undefined, entries: 0 }], "d");
  assertStringIncludes(
    text,
    "12 entries of node1#000000000001 behind entry 7 are entries of node1#abcdefabcdef now",
  );
  assertStringIncludes(text, "the log has no entry of node1#000000000001 behind entry 7");
  assertStringIncludes(
    movedText([], "d"),
    "the node of d has found no fork: nothing was changed. If another",
  );
});

Deno.test("branchPlanText() and movedText() say that a node has gone on with its branch", () => {
  const plan = { ...PLAN, hasGoneOn: true };
  const stays =
    "node1 has gone on with the entries of node1#000000000001 that this log has: they stay as they are";
  assertStringIncludes(branchPlanText([plan]), stays);
  assertEquals(movedText([plan], "d"), stays);
});

Deno.test("keptOriginText() says what stays, or that there was no fork", () => {
  assertStringIncludes(
    keptOriginText([FORK], "d"),
    "entries of node1#000000000001 behind entry 7 stay as they are",
  );
  assertStringIncludes(keptOriginText([], "d"), "no fork");
});
