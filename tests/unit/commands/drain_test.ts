import { assertEquals } from "@std/assert";
import { drainProblem } from "../../../server/commands/drain.ts";
import { statusReport } from "../../../server/commands/status_report.ts";
import type { DrainStatus } from "../../../server/ports/node.ts";
import { NODE_STATUS } from "../../testing/node_statuses.ts";

const OVER: DrainStatus = { phase: "over", leftMs: 0, moved: 3, here: 0, lacking: [] };

const LACKING = [{ name: "node2", entries: 1_200 }, { name: "node3", entries: 0 }];

Deno.test("drainProblem() has none if all of it was done, and says what was not", () => {
  const status = { ...NODE_STATUS, draining: OVER };
  assertEquals(drainProblem("node1", status), undefined);
  const rest =
    "What is missing elsewhere is on its disk, and leaves when it runs again; give more time with --for";
  assertEquals(
    drainProblem("node1", { ...status, draining: { ...OVER, here: 2, lacking: LACKING } }),
    "node1 has ended, as its time was over: 2 sessions had not ended, node2 lacks 1,200 of the entries, node3 may " +
      `lack entries. ${rest}`,
  );
  const early = "node1 has ended before all of it was done: by a signal or a fault, as its diagnostics say";
  for (
    const last of [undefined, NODE_STATUS, { ...status, draining: { ...OVER, phase: "moving" as const } }]
  ) {
    assertEquals(drainProblem("node1", last), early);
  }
});

Deno.test("statusReport() has a line for a drain", () => {
  const lineOf = (draining: DrainStatus): string | undefined =>
    statusReport({ ...NODE_STATUS, draining }).split("\n").find((line) => line.startsWith("draining"));
  assertEquals(
    lineOf({ phase: "waiting", leftMs: 12_345, moved: 3, here: 2, lacking: LACKING })?.replace(
      /^draining +/,
      "",
    ),
    "3 sessions told to move to another node, 2 here; node2 lacks 1,200 of the entries; node3 may lack entries; the node " +
      "ends within 12 s",
  );
  assertEquals(
    lineOf({ ...OVER, moved: 1 })?.replace(/^draining +/, ""),
    "1 session told to move to another node, 0 here; the node ends now",
  );
});
