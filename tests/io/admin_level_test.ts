import { assert, assertEquals } from "@std/assert";
import { askForLevel, askNode } from "../../server/admin/ask_node.ts";
import type { LevelChange } from "../../server/admin/level_request.ts";
import { LEVEL_MS_MAX } from "../../server/diagnostics/log_level.ts";
import { ShownLevel } from "../../server/diagnostics/shown_level.ts";
import { NODE_STATUS, STARTING_STATUS } from "../testing/node_statuses.ts";
import { processTest } from "../testing/permissions.ts";
import { Stage } from "./admin_stage.ts";

const CHANGE: LevelChange = { level: "debug", forMs: 600_000 };

/** A level at which a node was started as "info", while no time passes. */
function levelOf(): ShownLevel {
  return new ShownLevel("info", {
    clock: { monotonicMs: () => 0 },
    timers: { after: () => () => {} },
    onChange: () => {},
  });
}

processTest("AdminService changes the level, and its status says so, while the node starts too", async () => {
  for (const status of [NODE_STATUS, STARTING_STATUS]) {
    const level = levelOf();
    await using stage = await Stage.set({ level, status: () => status });
    assert(stage.address);
    const answer = await askForLevel(stage.data, stage.address, CHANGE, 30_000);
    assertEquals(answer, { node: "node1", level: "debug", leftMs: CHANGE.forMs });
    const logLevel = { level: "debug", leftMs: CHANGE.forMs } as const;
    assertEquals(
      await askNode(stage.data, stage.address, 30_000),
      "starting" in status ? { starting: { ...status, logLevel } } : { status: { ...status, logLevel } },
    );
  }
});

processTest(
  "AdminService leaves the level as it is for whoever has no secret, or asks for none",
  async () => {
    const level = levelOf();
    await using stage = await Stage.set({ level });
    const body = JSON.stringify(CHANGE);
    const cases: readonly (readonly [string, string | undefined, number])[] = [
      [body, "", 401],
      [body, `Bearer ${"0".repeat(64)}`, 401],
      ["", undefined, 400],
      [body.replace("debug", "loud"), undefined, 400],
      [body.padEnd(5_000), undefined, 413],
    ];
    for (const [body, authorization, status] of cases) {
      assertEquals((await stage.post("/log-level", body, authorization))[0], status, body);
    }
    const long = { ...CHANGE, forMs: LEVEL_MS_MAX + 1 };
    assertEquals(stage.address && await askForLevel(stage.data, stage.address, long, 30_000), {
      refused: "level must be one of debug, info, warn, error, and forMs a time from 1 to 86400000 ms",
    });
    assertEquals(level.passing, undefined);
    assertEquals((await stage.post("/log-level", body))[0], 200);
    assertEquals(level.current, "debug");
    console.log(`${cases.length + 1} requests refused`);
  },
);

processTest("askForLevel() says that a node does not know the request", async () => {
  await using stage = await Stage.set();
  const answer = stage.address && await askForLevel(stage.data, stage.address, CHANGE, 30_000);
  assertEquals(answer, { failure: "unknown" });
});
