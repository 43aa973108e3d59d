/**
 * A log on a disk in memory, with a clock, timers and random numbers under the test's control.
 *
 * @module
 */

import { type Entry, entryOf } from "../../../server/core/entry.ts";
import type { LogSlices } from "../../../server/log/log_slices.ts";
import { type LogOptions, type OpenLog, openLog, openLogInSlices } from "../../../server/log/open_log.ts";
import type { LogFields, Logger, Random, Timers } from "../../../server/ports/outside.ts";
import { MemoryFiles } from "../../testing/memory_files.ts";
import { encoded } from "../../testing/encoded_entries.ts";

/** Timers that fire when the test advances the time. */
export class ManualTimers implements Timers {
  #nowMs = 0;
  #timers: { atMs: number; callback: () => void }[] = [];

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + ms, callback };
    this.#timers.push(timer);
    return () => this.#timers = this.#timers.filter((other) => other !== timer);
  }

  /** Lets time pass and fires the timers that are due. */
  advance(ms: number): void {
    this.#nowMs += ms;
    const due = this.#timers.filter((timer) => timer.atMs <= this.#nowMs);
    this.#timers = this.#timers.filter((timer) => timer.atMs > this.#nowMs);
    for (const { callback } of due) callback();
  }
}

/** Entries by number: entry `n` has seq `n`. */
export function messageEntry(seq: number, content = `message ${seq}`, origin = "node1#000000000001"): Entry {
  const [from, to] = ["ada.000000000001", "bob.000000000002"];
  return entryOf(origin, seq, 1_700_000_000_000_000 + seq, {
    type: "messageSent",
    id: `id-${seq}`,
    from,
    to,
    content,
  });
}

/** Entries with consecutive numbers. */
export function messageEntries(from: number, count: number): Entry[] {
  return Array.from({ length: count }, (_, index) => messageEntry(from + index));
}

/** A series of processes on the same files. */
export class LogHarness {
  readonly files: MemoryFiles;
  timers = new ManualTimers();
  /** Of the last process: replayed entries, synced batches, faults, changes of `readOnly`. */
  replayed: Entry[] = [];
  synced = 0;
  faults: Error[] = [];
  readOnlyChanges: boolean[] = [];
  /** Log lines of all processes: their events and fields. */
  readonly lines: { event: string; fields: LogFields }[] = [];
  #minted = 0;
  readonly #settings: Partial<LogOptions>;

  constructor(settings: Partial<LogOptions> = {}, files = new MemoryFiles()) {
    this.files = files;
    this.#settings = settings;
  }

  /** Opens the log in a new process. */
  open(settings: Partial<LogOptions> = {}): OpenLog {
    return openLog(this.#newProcess(settings));
  }

  /** The same in slices. */
  openInSlices(): LogSlices<OpenLog> {
    return openLogInSlices(this.#newProcess({}));
  }

  #newProcess(settings: Partial<LogOptions>): LogOptions {
    this.timers = new ManualTimers();
    this.replayed = [];
    this.synced = 0;
    this.faults = [];
    this.readOnlyChanges = [];
    return { ...this.#defaults(), ...this.#settings, ...settings };
  }

  /** Opens the log, writes each batch and waits for its sync; the log stays open. */
  write(batches: readonly (readonly Entry[])[], settings: Partial<LogOptions> = {}): OpenLog {
    const open = this.open(settings);
    for (const batch of batches) {
      open.log.commit(encoded(batch));
      this.files.settle();
    }
    return open;
  }

  /** Shuts the log down in order. */
  close({ log }: OpenLog): void {
    let closed = false;
    log.close(() => closed = true);
    this.files.settle();
    if (!closed) throw new Error("the log did not close");
  }

  /** Events of the log lines. */
  get events(): string[] {
    return this.lines.map(({ event }) => event);
  }

  #defaults(): LogOptions {
    return {
      files: this.files,
      timers: this.timers,
      clock: { wallMs: () => 1_700_000_000_000, monotonicMs: () => 0 },
      random: this.#random(),
      logger: this.#logger(),
      node: "node1",
      version: "1.0.0",
      segmentBytes: 67_108_864,
      reserveBytes: 0,
      replay: (entry) => this.replayed.push(entry),
      onSynced: () => this.synced++,
      onReadOnly: (readOnly) => this.readOnlyChanges.push(readOnly),
      onFault: (error) => this.faults.push(error),
    };
  }

  #random(): Random {
    return {
      bytes: (count) => {
        const bytes = new Uint8Array(count);
        bytes[count - 1] = ++this.#minted;
        return bytes;
      },
    };
  }

  #logger(): Logger {
    const add = (event: string, fields: LogFields = {}): void => void this.lines.push({ event, fields });
    return { debug: add, info: add, warn: add, error: add };
  }
}
