import { assertEquals, assertThrows } from "@std/assert";
import { LogVerification } from "../../../server/follower/log_verification.ts";
import { PacedWork } from "../../../server/follower/paced_work.ts";
import type { VerifyReport, VerifyTask } from "../../../server/follower/verify_protocol.ts";
import type { SegmentBeginning } from "../../../server/ports/history.ts";

const BEGINNING: SegmentBeginning = {
  segment: 4,
  position: 9,
  version: new Map(),
  batch: 7,
  crc: "12345678",
  origin: "node1#a",
  writtenBy: "1.0.0",
};

/** A worker whose reports the test makes. */
class FakeWorker {
  onmessage: ((event: { data: VerifyReport }) => void) | undefined;
  onerror: ((event: { message: string; preventDefault(): void }) => void) | undefined;
  readonly tasks: VerifyTask[] = [];
  isTerminated = false;

  postMessage(task: VerifyTask): void {
    this.tasks.push(task);
  }

  terminate(): void {
    this.isTerminated = true;
  }
}

class Stage {
  readonly workers: FakeWorker[] = [];
  readonly lines: string[] = [];
  readonly noted: string[] = [];
  mayStart = true;
  nowMs = 0;
  readonly verification: LogVerification;

  constructor(beginning: SegmentBeginning | undefined = BEGINNING) {
    const log = (event: string): void => void this.lines.push(event);
    this.verification = new LogVerification({
      data: "data",
      beginning,
      ofBytes: 300,
      clock: { monotonicMs: () => this.nowMs },
      logger: { debug: log, info: log, warn: log, error: log },
      mayStart: () => this.mayStart,
      onDamage: (problem) => this.noted.push(problem),
      makeWorker: () => {
        const worker = new FakeWorker();
        this.workers.push(worker);
        return worker as unknown as Worker;
      },
    });
  }

  report(report: VerifyReport): void {
    this.workers[0]?.onmessage?.({ data: report });
  }
}

Deno.test("LogVerification verifies once, and says how far it is", () => {
  const stage = new Stage();
  const { verification } = stage;
  stage.mayStart = false;
  verification.tick();
  assertEquals(stage.workers.length, 0);
  stage.mayStart = true;
  verification.tick();
  verification.tick();
  assertEquals(stage.workers.map(({ tasks }) => tasks), [[{ data: "data", beginning: BEGINNING }]]);
  stage.report({ type: "read", bytes: 100 });
  stage.report({ type: "read", bytes: 50 });
  assertEquals(verification.status(), { isDone: false, bytes: 150, ofBytes: 300 });
  stage.report({ type: "verified" });
  assertEquals(verification.status(), { isDone: true, bytes: 300, ofBytes: 300 });
  assertEquals(stage.lines, ["logVerified"]);
  verification.tick();
  assertEquals(stage.workers.map(({ isTerminated }) => isTerminated), [true]);
});

Deno.test("LogVerification has nothing to do after a whole replay", () => {
  const stage = new Stage();
  const whole = new LogVerification({
    data: "data",
    beginning: undefined,
    ofBytes: 0,
    clock: { monotonicMs: () => 0 },
    logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    mayStart: () => true,
    onDamage: () => {},
  });
  whole.tick();
  assertEquals(whole.status(), { isDone: true, bytes: 0, ofBytes: 0 });
  stage.verification.stop();
  stage.verification.tick();
  assertEquals(stage.workers.length, 0);
});

Deno.test("LogVerification tells of damage, and begins anew in ten minutes if the log cannot be read", async () => {
  const damaged = new Stage();
  damaged.verification.tick();
  damaged.report({ type: "damaged", problem: "line 3 is damaged" });
  assertEquals((await damaged.verification.damage).message, "line 3 is damaged");
  assertEquals(damaged.noted, ["line 3 is damaged"]);
  assertEquals(damaged.workers[0]?.isTerminated, true);
  const ended = new Stage();
  ended.verification.tick();
  ended.report({ type: "read", bytes: 100 });
  ended.workers[0]?.onerror?.({ message: "out of memory", preventDefault: () => {} });
  assertEquals(ended.lines, ["logNotVerified"]);
  assertEquals(ended.verification.status(), { isDone: false, bytes: 0, ofBytes: 300 });
  ended.nowMs = 599_999;
  ended.verification.tick();
  assertEquals(ended.workers.length, 1);
  ended.nowMs = 600_000;
  ended.verification.tick();
  assertEquals(ended.workers.map(({ isTerminated }) => isTerminated), [true, false]);
});

Deno.test("PacedWork.step() rests four times as long as it has worked", () => {
  let nowMs = 0;
  let isDone = false;
  function* work(): Generator<number, void, void> {
    for (let i = 0; i < 50; i++) {
      nowMs += 3;
      yield 10;
    }
    isDone = true;
  }
  const paced = new PacedWork(work(), () => nowMs);
  const bytes: number[] = [];
  const pauses: (number | undefined)[] = [];
  while (!isDone) pauses.push(paced.step((read) => bytes.push(read)));
  assertEquals(pauses.at(-1), undefined);
  assertEquals(new Set(pauses.slice(0, -1)), new Set([84]));
  assertEquals(bytes.length, pauses.length - 1);
  const failing = new PacedWork(
    (function* (): Generator<number, void, void> {
      yield 1;
      throw new Error("the disk is gone");
    })(),
    () => 0,
  );
  assertThrows(() => failing.step(() => {}), Error, "the disk is gone");
});
