import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import type { LogSlices } from "../../../server/log/log_slices.ts";
import { inTurns } from "../../../server/process/replay.ts";
import { leftMs, percentOf } from "../../../server/process/log_progress.ts";

const SLICES = 100;

/** A clock on which each slice takes 10 ms. */
function slowSlices(): {
  slices: LogSlices<string>;
  clock: { monotonicMs(): number };
  closed: () => boolean;
} {
  let nowMs = 0;
  let isClosed = false;
  function* slices(): LogSlices<string> {
    try {
      for (let i = 0; i < SLICES; i++) {
        nowMs += 10;
        yield 3;
      }
    } finally {
      isClosed = true;
    }
    return "the log";
  }
  return { slices: slices(), clock: { monotonicMs: () => nowMs }, closed: () => isClosed };
}

Deno.test("inTurns() gives way to timers, and tells of every byte but those of the last turn", async () => {
  const { slices, clock } = slowSlices();
  let fired = 0;
  const timer = setInterval(() => fired++);
  const reads: number[] = [];
  const taken: number[] = [];
  const { signal } = new AbortController();
  const took = (bytes: number): void => void taken.push(bytes);
  const result = await inTurns(slices, { clock, signal, took, read: (bytes) => void reads.push(bytes) });
  clearInterval(timer);
  assertEquals(taken, Array.from({ length: SLICES }, () => 3));
  assertEquals([result, new Set(reads)], ["the log", new Set([15])]);
  assertEquals(reads.length, SLICES / 5);
  assertGreater(fired, 5);
});

Deno.test("inTurns() ends at a signal with its reason, and closes what is open", async () => {
  const { slices, clock, closed } = slowSlices();
  const stop = new AbortController();
  let turns = 0;
  const read = (): void => {
    if (++turns === 7) stop.abort(new Error("enough"));
  };
  const options = { clock, signal: stop.signal, took: () => {}, read };
  await assertRejects(() => inTurns(slices, options), Error, "enough");
  assertEquals([turns, closed()], [7, true]);
});

Deno.test("inTurns() ends where a slice is one too many, and closes what is open", async () => {
  const { slices, clock, closed } = slowSlices();
  let left = 7;
  const took = (): void => {
    if (--left === 0) throw new Error("no room");
  };
  const { signal } = new AbortController();
  await assertRejects(() => inTurns(slices, { clock, signal, took, read: () => {} }), Error, "no room");
  assertEquals([left, closed()], [0, true]);
});

Deno.test("inTurns() throws the error of the log", async () => {
  // deno-lint-ignore require-yield
  const slices = (function* (): LogSlices<never> {
    throw new Error("line 3 is damaged");
  })();
  const { signal } = new AbortController();
  const turns = {
    clock: { monotonicMs: () => 0 },
    signal,
    took: () => assert(false),
    read: () => assert(false),
  };
  await assertRejects(() => inTurns(slices, turns), Error, "line 3 is damaged");
});

Deno.test("percentOf() and leftMs() judge a replay by its bytes", () => {
  const progress = { step: "log", ofBytes: 1_000, bytes: 250, entries: 5, elapsedMs: 2_000 } as const;
  assertEquals([percentOf(progress), leftMs(progress)], [25, 6_000]);
  assertEquals(percentOf({ ofBytes: 0, bytes: 0 }), 100);
  assertEquals(percentOf({ ofBytes: 1_000, bytes: 999 }), 99);
  // A segment may have become longer than it was at the beginning.
  const over = { ...progress, bytes: 1_001 };
  assertEquals([percentOf(over), leftMs(over)], [100, 0]);
  assertEquals(leftMs({ ...progress, elapsedMs: 499 }), undefined);
  assertEquals(leftMs({ ...progress, bytes: 0 }), undefined);
});
