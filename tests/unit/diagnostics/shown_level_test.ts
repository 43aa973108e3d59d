import { assertEquals, assertThrows } from "@std/assert";
import { AssertionError } from "../../../common/errors.ts";
import { LEVEL_MS_MAX, type LogLevel } from "../../../server/diagnostics/log_level.ts";
import { ShownLevel } from "../../../server/diagnostics/shown_level.ts";
import { VirtualTimers } from "../../testing/virtual_timers.ts";

function stage(): { level: ShownLevel; timers: VirtualTimers; changes: string[] } {
  const timers = new VirtualTimers();
  const changes: string[] = [];
  const level = new ShownLevel("info", {
    clock: { monotonicMs: () => timers.nowMs },
    timers: {
      after: (ms, callback) => {
        const id = timers.set(callback, ms);
        return () => timers.clear(id);
      },
    },
    onChange: (shown: LogLevel, forMs) => changes.push(`${shown} ${forMs}`),
  });
  return { level, timers, changes };
}

Deno.test("ShownLevel lets a level hold for its time, then that of the start again", () => {
  const { level, timers, changes } = stage();
  assertEquals([level.current, level.passing], ["info", undefined]);
  level.change("debug", 1_000);
  timers.pass(400);
  assertEquals([level.current, level.passing], ["debug", { level: "debug", leftMs: 600 }]);
  timers.pass(600);
  assertEquals([level.current, level.passing], ["info", undefined]);
  assertEquals(changes, ["debug 1000", "info undefined"]);
});

Deno.test("ShownLevel takes the last change, and the level of the start for the end of it", () => {
  const { level, timers, changes } = stage();
  level.change("debug", 1_000);
  timers.pass(900);
  level.change("warn", 1_000);
  timers.pass(900);
  assertEquals(level.current, "warn", "the time of the change before has no end of its own");
  level.change("info", 1_000);
  assertEquals([level.current, level.passing, timers.size], ["info", undefined, 0]);
  assertEquals(changes, ["debug 1000", "warn 1000", "info undefined"]);
});

Deno.test("ShownLevel refuses a time beyond a day", () => {
  const { level } = stage();
  for (const ms of [0, -1, LEVEL_MS_MAX + 1, NaN]) {
    assertThrows(() => level.change("debug", ms), AssertionError, "may not hold");
  }
  assertEquals(level.current, "info");
});
