import { assertEquals } from "@std/assert";
import { parseLevelAnswer, parseLevelChange } from "../../../server/admin/level_request.ts";
import { LEVEL_MS_MAX, LOG_LEVELS } from "../../../server/diagnostics/log_level.ts";

Deno.test("parseLevelChange() takes every level, and no time beyond the bounds", () => {
  for (const level of LOG_LEVELS) {
    for (const forMs of [1, 600_000, LEVEL_MS_MAX]) {
      assertEquals(parseLevelChange(JSON.stringify({ level, forMs })), { level, forMs });
    }
  }
  const wrong = [
    { level: "debug" },
    { forMs: 1 },
    { level: "debug", forMs: "1000" },
    { level: "debug", forMs: 0 },
    { level: "debug", forMs: -1 },
    { level: "debug", forMs: 1.5 },
    { level: "debug", forMs: LEVEL_MS_MAX + 1 },
    { level: "trace", forMs: 1_000 },
    { level: "toString", forMs: 1_000 },
    [],
    null,
  ].map((value) => JSON.stringify(value));
  const refused = ["", "{", ...wrong];
  for (const json of refused) {
    assertEquals(
      parseLevelChange(json),
      "level must be one of debug, info, warn, error, and forMs a time from 1 to 86400000 ms",
      json,
    );
  }
  console.log(`${refused.length} requests refused`);
});

Deno.test("parseLevelAnswer() takes the answer of a node, and no other", () => {
  const answer = { node: "node1", level: "debug", leftMs: 600_000 } as const;
  assertEquals(parseLevelAnswer(JSON.stringify(answer)), answer);
  assertEquals(parseLevelAnswer(JSON.stringify({ ...answer, leftMs: null }))?.leftMs, null);
  for (const wrong of [{ ...answer, level: "all" }, { ...answer, leftMs: -1 }, { node: "node1" }, [], 1]) {
    assertEquals(parseLevelAnswer(JSON.stringify(wrong)), undefined);
  }
});
