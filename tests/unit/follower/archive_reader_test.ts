import { assertEquals } from "@std/assert";
import type { Slices } from "../../../server/core/slices.ts";
import { ArchiveReader } from "../../../server/follower/archive_reader.ts";
import type { ReaderReport } from "../../../server/follower/worker_protocol.ts";
import type { ArchivePage, ArchiveQuery } from "../../../server/core/messages/archived.ts";

const NOTHING: ArchivePage = { messages: [], more: false };

/** A reader of an archive in which a search takes as many slices as its limit says, and fails at a limit of 0. */
class ReaderHarness {
  readonly reports: ReaderReport[] = [];
  opened = 0;
  closed = 0;
  /** Monotonic time, and the time that a step takes; ms. */
  nowMs = 0;
  stepMs = 0;
  readonly reader = new ArchiveReader({
    open: () => {
      this.opened++;
      return { slicesOf: (query) => slicesOf(query), close: () => void this.closed++ };
    },
    report: (report) => this.reports.push(report),
    nowMs: () => this.nowMs,
  });

  search(id: number, slices: number): void {
    const query = { type: "search", account: "ada", terms: [], other: undefined, before: undefined } as const;
    this.reader.take({ id, data: "data", query: { ...query, limit: slices } });
  }

  lookUp(id: number, slices: number): void {
    const ids = Array.from({ length: slices }, (_, i) => `m${i}`);
    this.reader.take({ id, data: "data", query: { type: "ids", account: "ada", ids } });
  }

  /** Works until nothing is left to do; returns the number of steps. */
  work(): number {
    for (let steps = 1;; steps++) if (this.step() === undefined) return steps;
  }

  step(): 0 | undefined {
    this.nowMs += this.stepMs;
    return this.reader.step();
  }
}

function* slicesOf(query: ArchiveQuery): Slices<ArchivePage> {
  const count = query.type === "ids" ? query.ids.length : query.type === "search" ? query.limit : 1;
  if (count === 0) throw new Error("database disk image is malformed");
  for (let i = 0; i < count; i++) yield 10_000;
  return NOTHING;
}

Deno.test("ArchiveReader lets queries take turns, so that a long one delays no short one", () => {
  const harness = new ReaderHarness();
  harness.search(1, 300);
  harness.search(2, 2);
  harness.search(3, 5);
  assertEquals(harness.work(), 101 + 1 + 2);
  assertEquals(harness.reports, [2, 3, 1].map((id) => ({ type: "answered", id, page: NOTHING })));
  assertEquals([harness.opened, harness.closed], [1, 0]);
});

Deno.test("ArchiveReader lets a look-up go before all searches", () => {
  const harness = new ReaderHarness();
  harness.search(1, 300);
  harness.search(2, 2);
  harness.reader.step();
  harness.lookUp(3, 5);
  harness.lookUp(4, 1);
  harness.work();
  const answered = harness.reports.map((report) => report.type === "answered" && report.id);
  assertEquals(answered, [4, 3, 2, 1]);
});

Deno.test("ArchiveReader gives a search a turn after sixteen of look-ups, so that it ends", () => {
  const harness = new ReaderHarness();
  harness.search(1, 1);
  for (let step = 1; step <= 17; step++) {
    harness.lookUp(1 + step, 1);
    harness.step();
  }
  const answered = harness.reports.map((report) => report.type === "answered" && report.id);
  assertEquals(answered, [...Array.from({ length: 16 }, (_, i) => i + 2), 1]);
});

Deno.test("ArchiveReader reports once a second that it works, while no query ends", () => {
  const harness = new ReaderHarness();
  harness.stepMs = 250;
  harness.search(1, 40);
  const steps = harness.work();
  assertEquals(steps, 14);
  const reports = [...Array(3).fill({ type: "working" }), { type: "answered", id: 1, page: NOTHING }];
  assertEquals(harness.reports, reports);
});

Deno.test("ArchiveReader closes the archive at an error, says it once, and opens it anew for the next query", () => {
  const harness = new ReaderHarness();
  harness.search(1, 300);
  harness.search(2, 0);
  harness.work();
  const problem = "database disk image is malformed";
  assertEquals(harness.reports, [{ type: "failed", problem, remedy: "rebuild" }]);
  assertEquals([harness.opened, harness.closed, harness.reader.step()], [1, 1, undefined]);
  harness.search(3, 1);
  harness.work();
  assertEquals([harness.opened, harness.reports.length], [2, 2]);
});
