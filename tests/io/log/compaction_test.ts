import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { COMPACTION_INTERVAL_MS, eraseEntry, leavesErasable } from "../../../server/core/compaction.ts";
import type { Entry } from "../../../server/core/entry.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { CompactingLog } from "../../../server/log/compacting_log.ts";
import { DenoFiles } from "../../../server/log/deno_files.ts";
import type { LogWriter } from "../../../server/log/log_writer.ts";
import { openLog } from "../../../server/log/open_log.ts";
import { verifyLog } from "../../../server/log/verify_log.ts";
import type { Done, SequentialReader } from "../../../server/ports/files.ts";
import type { Logger } from "../../../server/ports/outside.ts";
import { systemRandom, systemTimers } from "../../../server/process/system_ports.ts";
import { scale } from "../../testing/scale.ts";
import { stateDigest } from "../../testing/state_digest.ts";
import { markEntry, sentEntry } from "../../unit/log/compaction_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

const states = await Promise.all(
  (["read", "write"] as const).map((name) => Deno.permissions.query({ name })),
);
const isGranted = states.every(({ state }) => state === "granted");
const needs = isGranted ? "" : " (ignored: needs --allow-read --allow-write)";

const SEGMENT_BYTES = scale(8_388_608, 67_108_864);

/** Entries of one batch. */
const BATCH = 1_000;

/** Size of one read, bytes. */
const SLICE_BYTES = 65_536;

/** Limit for a slice, ms: it takes a few; the rest is for a busy machine. */
const SLICE_MS_MAX = 2_000;

/** A disk that measures the time for which its callbacks hold the event loop. */
class TimedFiles extends DenoFiles {
  readonly sliceMs: number[] = [];

  override reader(path: string): SequentialReader {
    const reader = super.reader(path);
    return {
      read: (into) => reader.read(into),
      readLater: (into, done) => reader.readLater(into, (outcome) => this.#timed(() => done(outcome))),
      close: () => reader.close(),
    };
  }

  override appendLater(path: string, bytes: Uint8Array, done: Done): void {
    super.appendLater(path, bytes, (error) => this.#timed(() => done(error)));
  }

  #timed(slice: () => void): void {
    const startedMs = performance.now();
    slice();
    this.sliceMs.push(performance.now() - startedMs);
  }
}

/** A time at which no fingerprint has expired yet, ms since the Unix epoch. */
const EARLY_MS = 0;

/** A log on a real disk, compacted after every hour that the test lets pass. */
class RealLog {
  readonly state = new State();
  readonly files: TimedFiles;
  readonly writer: LogWriter;
  readonly log: CompactingLog;
  #nowMs = 0;
  #synced = (): void => {};
  #compacted = (): void => {};

  constructor(folder: string) {
    const { state } = this;
    this.files = new TimedFiles(folder);
    const clock = { wallMs: () => Date.now(), monotonicMs: () => this.#nowMs };
    const logger = this.#logger();
    this.writer = openLog({
      files: this.files,
      clock,
      logger,
      timers: systemTimers,
      random: systemRandom,
      node: "node1",
      version: "1.0.0",
      segmentBytes: SEGMENT_BYTES,
      reserveBytes: 0,
      replay: (entry) => void evolve(state, entry),
      onSynced: () => this.#synced(),
      onReadOnly: () => {},
      onFault: (error) => {
        throw error;
      },
    }).log;
    this.log = new CompactingLog({
      files: this.files,
      clock,
      logger,
      log: this.writer,
      erase: (entry) => eraseEntry(state, entry, EARLY_MS),
      leavesErasable: (entry) => leavesErasable(state, entry, EARLY_MS),
      whenDurable: (then) => then(),
    });
  }

  async commit(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) evolve(this.state, entry);
    await new Promise<void>((resolve) => {
      this.#synced = resolve;
      this.log.commit(encoded(entries));
    });
  }

  /** Resolves after the pass. */
  async pass(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#compacted = resolve;
      this.#nowMs += COMPACTION_INTERVAL_MS;
      this.log.tick();
    });
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.writer.close(resolve));
  }

  #logger(): Logger {
    const fail = (event: string): void => {
      throw new Error(event);
    };
    const info = (event: string): void => event === "logCompacted" ? this.#compacted() : undefined;
    return { debug: () => {}, info, warn: fail, error: fail };
  }
}

/** Fills one segment; returns its number of messages. */
async function fillSegment(log: RealLog): Promise<number> {
  let seq = 0;
  while (log.writer.segment === 1) {
    await log.commit(Array.from({ length: BATCH }, (_, i) => sentEntry(seq + i + 1)));
    seq += BATCH;
  }
  return seq;
}

Deno.test({
  name:
    `a pass over a segment on a real disk holds nobody up, and verifyLog() finds it whole meanwhile${needs}`,
  ignore: !isGranted,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const log = new RealLog(folder);
      const sent = await fillSegment(log);
      const bytes = log.files.size("log/00000001.jsonl") ?? 0;
      const gone = Array.from({ length: 500 }, (_, i) => `m${1 + i * 37 % sent}`);
      await log.commit([markEntry(sent + 1, "messagesDeleted", gone)]);
      const startedMs = performance.now();
      let isOver = false;
      const pass = log.pass().then(() => isOver = true);
      const other = new DenoFiles(folder);
      let commits = 0;
      let slowestMs = 0;
      while (!isOver) {
        const beforeMs = performance.now();
        await log.commit([sentEntry(sent + 2 + commits++)]);
        slowestMs = Math.max(slowestMs, performance.now() - beforeMs);
        if (commits === 5) assertEquals(verifyLog(other).damage, undefined);
      }
      await pass;
      const durationMs = performance.now() - startedMs;
      const sorted = log.files.sliceMs.sort((a, b) => a - b);
      const slices = sorted.length;
      const longestMs = sorted.at(-1) ?? 0;
      const nearlyAllMs = sorted[Math.floor(slices * 0.99)] ?? 0;
      console.log(
        `compaction: ${bytes} bytes in ${Math.round(durationMs)} ms and ${slices} slices, 99 % of them ` +
          `below ${nearlyAllMs.toFixed(1)} ms, the longest of ${
            longestMs.toFixed(1)
          } ms; ${commits} commits meanwhile, the slowest took ${slowestMs.toFixed(1)} ms`,
      );
      await log.close();
      assertGreater(commits, 1);
      // It is read twice and written once.
      assertGreater(slices, 3 * bytes / SLICE_BYTES);
      assertLess(longestMs, SLICE_MS_MAX);
      const text = await Deno.readTextFile(`${folder}/log/00000001.jsonl`);
      assertEquals(gone.filter((id) => text.includes(`secret-${id.slice(1)}.`)), []);
      assertEquals(
        text.split("\n").filter((line) => line.includes(`"content":"secret-`)).length,
        sent - 500 - BATCH,
      );
      assertEquals(verifyLog(log.files).damage, undefined);
      const again = new RealLog(folder);
      assertEquals(stateDigest(again.state), stateDigest(log.state));
      await again.close();
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
