/**
 * Appends to the log of a stopped node.
 *
 * @module
 */

import { VERSION } from "../../common/version.ts";
import type { NodeConfiguration } from "../config/node_configuration.ts";
import { type EncodedEntry, EntryEncoder } from "../core/encoded_entry.ts";
import { entryOf } from "../core/entry.ts";
import type { Event } from "../core/events.ts";
import { evolve } from "../core/evolve.ts";
import { nextStamp } from "../core/stamp.ts";
import { State } from "../core/state.ts";
import { seqOf } from "../core/version.ts";
import { takeDataFolder } from "../log/data_folder.ts";
import type { DataLock } from "../log/lock.ts";
import type { LogWriter } from "../log/log_writer.ts";
import { openLog, SEGMENT_BYTES } from "../log/open_log.ts";
import type { Logger } from "../ports/outside.ts";
import { systemClock, systemRandom, systemTimers } from "../process/system_ports.ts";

/** Entries of one batch, which share one sync. */
const BATCH_ENTRIES = 1_000;

/** A stopped node's log and state. */
export class OfflineLog {
  readonly state = new State();
  readonly #lock: DataLock;
  readonly #log: LogWriter;
  readonly #origin: string;
  readonly #encoder = new EntryEncoder();
  #waiting: EncodedEntry[] = [];
  #syncing: PromiseWithResolvers<void> | undefined;
  #fault: Error | undefined;

  /**
   * Locks the data folder, made if it is missing, and recovers the log.
   *
   * @throws {DataFolderLocked} if the node is running
   * @throws {LogDamaged} if the log is damaged
   * @throws {LogRefused} if the log is another node's, too new, or the disk is full
   */
  constructor({ name, reserveBytes }: NodeConfiguration, data: string, logger: Logger) {
    const holder = { node: name, pid: Deno.pid, startedMs: systemClock.wallMs() };
    const { files, lock } = takeDataFolder(data, holder);
    this.#lock = lock;
    const { log, origin } = openLog({
      files,
      clock: systemClock,
      random: systemRandom,
      timers: systemTimers,
      logger,
      node: name,
      version: VERSION,
      segmentBytes: SEGMENT_BYTES,
      reserveBytes,
      replay: (entry) => void evolve(this.state, entry),
      onSynced: () => this.#syncing?.resolve(),
      onReadOnly: () => {},
      onFault: (error) => this.#fail(error),
    });
    this.#log = log;
    this.#origin = origin;
  }

  /** True once a whole batch waits for `flush`. */
  get isDue(): boolean {
    return this.#waiting.length >= BATCH_ENTRIES;
  }

  /** Folds an event onto the state; `flush` writes it. */
  apply(event: Event): void {
    const seq = seqOf(this.state.version, this.#origin) + 1;
    const stamp = nextStamp(this.state.stamp, systemClock.wallMs());
    const entry = entryOf(this.#origin, seq, stamp, event);
    this.#waiting.push(this.#encoder.encode(entry));
    evolve(this.state, entry);
  }

  /**
   * Resolves once every applied event is on the disk.
   *
   * @throws {Error} of the disk; unsynced events are lost
   */
  async flush(): Promise<void> {
    const entries = this.#waiting;
    this.#waiting = [];
    for (let from = 0; from < entries.length; from += BATCH_ENTRIES) {
      if (this.#fault !== undefined) throw this.#fault;
      if (this.#log.readOnly) throw new Error("The disk is full. Free space and do the same again");
      this.#syncing = Promise.withResolvers();
      this.#log.commit(entries.slice(from, from + BATCH_ENTRIES));
      await this.#syncing.promise;
    }
  }

  /** Closes the log and unlocks the data folder. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#log.close(resolve));
    this.#lock.release();
  }

  #fail(error: Error): void {
    this.#fault = error;
    this.#syncing?.reject(error);
  }
}
