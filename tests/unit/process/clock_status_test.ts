import { assertEquals } from "@std/assert";
import { clockStatus, warnOfStamps } from "../../../server/process/clock_status.ts";

const WALL_MS = 1_700_000_000_000;
const STAMP = WALL_MS * 1_000;
const HOUR_MS = 3_600_000;

Deno.test("clockStatus() is there where the clock jumped, or the log is ahead of it", () => {
  assertEquals(clockStatus(undefined, STAMP, WALL_MS), {});
  const jump = { byMs: -HOUR_MS, agoMs: 5_000 };
  assertEquals(clockStatus(jump, STAMP, WALL_MS), { clock: { jumpedMs: -HOUR_MS, jumpedAgoMs: 5_000 } });
  assertEquals(clockStatus(undefined, STAMP, WALL_MS - HOUR_MS), { clock: { stampsAheadMs: HOUR_MS } });
  const both = { jumpedMs: -HOUR_MS, jumpedAgoMs: 5_000, stampsAheadMs: HOUR_MS };
  assertEquals(clockStatus(jump, STAMP, WALL_MS - HOUR_MS), { clock: both });
});

Deno.test("warnOfStamps() warns of stamps that are over a minute ahead of the clock", () => {
  for (const [aheadMs, warned] of [[0, []], [60_000, []], [60_001, [60_001]]] as const) {
    const said: unknown[] = [];
    const none = (): void => {};
    const warn = (event: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      assertEquals(event, "stampsAhead");
      said.push(fields["aheadMs"]);
    };
    warnOfStamps(STAMP + aheadMs * 1_000, WALL_MS, { debug: none, info: none, error: none, warn });
    assertEquals(said, [...warned]);
  }
});
