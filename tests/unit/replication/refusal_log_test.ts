import { assertEquals } from "@std/assert";
import { LINES_MAX, RefusalLog, SAME_LINES_MAX, WINDOW_MS } from "../../../server/replication/refusal_log.ts";
import type { LogFields } from "../../../server/ports/outside.ts";

Deno.test("RefusalLog.refused() says so many in a window, and how many it did not say", () => {
  const lines: LogFields[] = [];
  const log = new RefusalLog({ warn: (event, fields) => lines.push({ event, ...fields }) });
  for (let number = 0; number < LINES_MAX + 5; number++) {
    log.refused({ address: "127.0.0.1:1", reason: `reason ${number}` }, number);
  }
  assertEquals(lines.length, LINES_MAX);
  assertEquals(lines[0], { event: "peerRefused", address: "127.0.0.1:1", reason: "reason 0" });
  log.refused({ address: "127.0.0.1:2", reason: "again" }, WINDOW_MS - 1);
  assertEquals(lines.length, LINES_MAX);
  log.refused({ address: "127.0.0.1:2", reason: "again" }, WINDOW_MS);
  log.refused({ address: "127.0.0.1:3", reason: "at last" }, WINDOW_MS + 1);
  assertEquals(lines.slice(LINES_MAX), [
    { event: "peerRefused", address: "127.0.0.1:2", reason: "again", unsaid: 6 },
    { event: "peerRefused", address: "127.0.0.1:3", reason: "at last" },
  ]);
});

Deno.test("RefusalLog.refused() says one reason so many times in a window, and others all the same", () => {
  const reasons: unknown[] = [];
  const log = new RefusalLog({ warn: (_event, fields) => reasons.push(fields?.["reason"]) });
  for (let count = 0; count < SAME_LINES_MAX + 5; count++) {
    log.refused({ address: "127.0.0.1:1", reason: "again" }, 0);
  }
  log.refused({ address: "127.0.0.1:2", reason: "another" }, 1);
  log.refused({ address: "127.0.0.1:1", reason: "again" }, WINDOW_MS);
  assertEquals(reasons, [...Array(SAME_LINES_MAX).fill("again"), "another", "again"]);
});
