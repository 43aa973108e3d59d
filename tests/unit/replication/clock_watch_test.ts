import { assertEquals } from "@std/assert";
import { ClockWatch } from "../../../server/replication/clock_watch.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A watch on a clock that a test moves. */
class Watched {
  readonly watch = new ClockWatch();
  wallMs = 1_700_000_000_000;
  monotonicMs = 5_000;
  /** Delay between two readings of the clock, ms. */
  delayMs = 0;

  constructor() {
    this.pass(0);
  }

  /** Lets time pass, with the wall clock faster or slower; returns the jump that was found. */
  pass(ms: number, wallMs = ms): number | undefined {
    this.monotonicMs += ms;
    this.wallMs += wallMs;
    return this.watch.look({
      wallMs: () => this.wallMs,
      monotonicMs: () => this.monotonicMs += this.delayMs,
    });
  }

  get jump(): { readonly byMs: number; readonly agoMs: number } | undefined {
    return this.watch.jump(this.monotonicMs);
  }
}

Deno.test("ClockWatch finds jumps of over a minute, in either direction", () => {
  for (const direction of [1, -1]) {
    const watched = new Watched();
    assertEquals(watched.pass(100), undefined);
    assertEquals(watched.pass(100, 100 + direction * MINUTE_MS), undefined);
    const other = new Watched();
    const byMs = direction * (MINUTE_MS + 1);
    assertEquals(other.pass(100, 100 + byMs), byMs);
    assertEquals(other.pass(100), undefined, "one jump is found once");
    assertEquals(other.jump, { byMs, agoMs: 100 });
    assertEquals(other.pass(100, 100 - byMs), -byMs);
    assertEquals(other.jump, { byMs: -byMs, agoMs: 0 });
  }
});

Deno.test("ClockWatch finds a jump in several steps, and nothing where a clock is only fast or slow", () => {
  const watched = new Watched();
  assertEquals(watched.pass(100, 40_000), undefined);
  assertEquals(watched.pass(100, 40_000), 79_800);
  const back = new Watched();
  assertEquals([back.pass(100, 40_000), back.pass(100, -79_900)], [undefined, -80_000]);
  for (const speed of [0.5, 1.5]) {
    const drifting = new Watched();
    for (let i = 0; i < 10_000; i++) assertEquals(drifting.pass(100, 100 * speed), undefined);
    assertEquals(drifting.jump, undefined);
  }
});

Deno.test("ClockWatch finds nothing where the process is held up, between two looks or within one", () => {
  const watched = new Watched();
  assertEquals(watched.pass(3_600_000), undefined);
  watched.delayMs = 3_600_000;
  assertEquals(watched.pass(100), undefined);
  watched.delayMs = 0;
  watched.wallMs += 2 * 3_600_000;
  assertEquals(watched.pass(100), undefined);
});

Deno.test("ClockWatch remembers a jump for a day", () => {
  const watched = new Watched();
  assertEquals(watched.jump, undefined);
  watched.pass(100, 100 - 3_600_000);
  watched.pass(DAY_MS);
  assertEquals(watched.jump, { byMs: -3_600_000, agoMs: DAY_MS });
  watched.pass(1);
  assertEquals(watched.jump, undefined);
});
