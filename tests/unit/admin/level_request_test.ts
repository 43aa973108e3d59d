import { assertEquals } from "@std/assert";
import { levelPath, parseLevelAnswer, parseLevelPath } from "../../../server/admin/level_request.ts";
import { LEVEL_MS_MAX, LOG_LEVELS } from "../../../server/diagnostics/log_level.ts";

Deno.test("parseLevelPath() reads what levelPath() writes, and nothing beyond the bounds", () => {
  for (const level of LOG_LEVELS) {
    for (const forMs of [1, 600_000, LEVEL_MS_MAX]) {
      assertEquals(parseLevelPath(levelPath({ level, forMs })), { level, forMs });
    }
  }
  const refused = [
    "/log-level/debug",
    "/log-level/debug/",
    "/log-level/debug/0",
    "/log-level/debug/-1",
    "/log-level/debug/1.5",
    `/log-level/debug/${LEVEL_MS_MAX + 1}`,
    "/log-level/debug/100000000000000000000",
    "/log-level/trace/1000",
    "/log-level/toString/1000",
    "/status",
  ];
  for (const path of refused) assertEquals(parseLevelPath(path), undefined, path);
  console.log(`${refused.length} paths refused`);
});

Deno.test("parseLevelAnswer() takes the answer of a node, and no other", () => {
  const answer = { node: "node1", level: "debug", leftMs: 600_000 } as const;
  assertEquals(parseLevelAnswer(JSON.stringify(answer)), answer);
  assertEquals(parseLevelAnswer(JSON.stringify({ ...answer, leftMs: null }))?.leftMs, null);
  for (const wrong of [{ ...answer, level: "all" }, { ...answer, leftMs: -1 }, { node: "node1" }, [], 1]) {
    assertEquals(parseLevelAnswer(JSON.stringify(wrong)), undefined);
  }
});
