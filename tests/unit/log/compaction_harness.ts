/**
 * A log in memory with its state, compacted on demand.
 *
 * @module
 */

import { COMPACTION_INTERVAL_MS, eraseEntry, leavesErasable } from "../../../server/core/compaction.ts";
import { type Entry, entryOf } from "../../../server/core/entry.ts";
import type { Event } from "../../../server/core/events.ts";
import { evolve } from "../../../server/core/evolve.ts";
import { State } from "../../../server/core/state.ts";
import { seqOf } from "../../../server/core/version.ts";
import { CompactingLog, upgradeOf } from "../../../server/log/compacting_log.ts";
import type { LogWriter } from "../../../server/log/log_writer.ts";
import type { LogFields, Logger } from "../../../server/ports/outside.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { LogHarness } from "./log_harness.ts";
import { encoded } from "../../testing/encoded_entries.ts";

/** Small, so that a short log has several segments. */
const SEGMENT_BYTES = 1_500;

const ADA = "ada.000000000001";
const BOB = "bob.000000000002";
const ORIGIN = "node1#000000000001";

/** A message with a content that occurs nowhere else: `secret-n.` in message `n`. */
export function sentEntry(seq: number): Entry {
  return placed(seq, { type: "messageSent", id: `m${seq}`, from: ADA, to: BOB, content: `secret-${seq}.` });
}

/** A deletion by the sender for both, or a hiding by the recipient. */
export function markEntry(seq: number, type: "messagesDeleted" | "messagesHidden", ids: string[]): Entry {
  return placed(seq, { type, sender: ADA, recipient: BOB, ids });
}

/** An entry of the harness's origin. */
export function placed(seq: number, event: Event): Entry {
  return entryOf(ORIGIN, seq, 1_700_000_000_000_000 + seq, event);
}

/** A series of processes on the same files. */
export class CompactionHarness {
  readonly files: MemoryFiles;
  readonly harness: LogHarness;
  state = new State();
  writer: LogWriter;
  log: CompactingLog;
  /** True if `whenDurable` calls back at once; false if it waits for `letDurable`. */
  isDurable = true;
  /** What the passes have told whoever follows the log. */
  readonly told: string[] = [];
  #waiting: (() => void)[] = [];
  /** Soon after the stamps of the entries. */
  wallMs = 1_700_000_000_000;
  #nowMs = 0;

  constructor(files = new MemoryFiles()) {
    this.files = files;
    this.harness = new LogHarness({ segmentBytes: SEGMENT_BYTES }, files);
    [this.writer, this.log] = this.open();
  }

  /** Opens the log in a new process of this version of the program. */
  open(version = "1.0.0"): [LogWriter, CompactingLog] {
    this.state = new State();
    const { state } = this;
    const replay = (entry: Entry): void => void evolve(state, entry);
    const { log: writer, writtenBy } = this.harness.open({ replay, version });
    const log = new CompactingLog({
      files: this.files,
      clock: { wallMs: () => this.wallMs, monotonicMs: () => this.#nowMs },
      logger: this.#logger(),
      log: writer,
      erase: (entry) => eraseEntry(state, entry, this.wallMs),
      leavesErasable: (entry) => leavesErasable(state, entry, this.wallMs),
      whenDurable: (then) => this.isDurable ? then() : void this.#waiting.push(then),
      onReplacing: () => this.told.push(`replacing, last is ${writer.segment}, renames ${this.renames}`),
      onReplaced: (segment) => this.told.push(`replaced ${segment}, renames ${this.renames}`),
      onCompacted: () => this.told.push("compacted"),
      upgrade: upgradeOf(writtenBy, version),
    });
    [this.writer, this.log] = [writer, log];
    return [writer, log];
  }

  /** Number of files that were renamed. */
  get renames(): number {
    return this.files.calls.get("rename") ?? 0;
  }

  /** Folds and commits the new entries of a batch, and waits for the sync. */
  commit(entries: readonly Entry[]): void {
    this.begin(entries);
    this.files.settle();
  }

  /** The same without waiting. */
  begin(entries: readonly Entry[]): void {
    const { state } = this;
    const fresh = entries.filter((entry) => {
      const isNew = entry.seq > seqOf(state.version, entry.origin);
      evolve(state, entry);
      return isNew;
    });
    if (fresh.length > 0) this.log.commit(encoded(fresh));
  }

  /** Lets an hour pass and starts the pass that is due. */
  tick(ms = COMPACTION_INTERVAL_MS): void {
    this.#nowMs += ms;
    this.log.tick();
  }

  /** Lets an hour pass and completes a pass. */
  pass(): void {
    this.tick();
    this.files.settle();
  }

  /** Calls back everything that waits for `whenDurable`. */
  letDurable(): void {
    for (const then of this.#waiting.splice(0)) then();
    this.files.settle();
  }

  /** Content of all files in the data folder. */
  allText(): string {
    const paths = ["", "log", "broken"].flatMap((folder) =>
      this.files.list(folder).map((name) => folder === "" ? name : `${folder}/${name}`)
    );
    return paths.map((path) => this.textOf(path)).join("\n");
  }

  /** Content of a file. */
  textOf(path: string): string {
    return new TextDecoder().decode(this.files.bytesOf(path));
  }

  /** Events of the log lines. */
  get events(): string[] {
    return this.harness.events;
  }

  #logger(): Logger {
    const add = (event: string, fields: LogFields = {}): void =>
      void this.harness.lines.push({ event, fields });
    return { debug: add, info: add, warn: add, error: add };
  }
}
