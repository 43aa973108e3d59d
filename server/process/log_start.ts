/**
 * The log at a start: what a node has in memory is loaded from the archive, and the log is replayed from there on; or the
 * whole log is replayed, where there is no archive of it. Where that would not fit into memory, the archive is brought up
 * first.
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";
import { evolve } from "../core/evolve.ts";
import { State } from "../core/state.ts";
import { buildArchive, BuildingFailed } from "../follower/archive_building.ts";
import { removeArchive } from "../follower/archive_folder.ts";
import { ArchiveHangs, remedyOf } from "../follower/remedy.ts";
import { openResidentArchive, type ResidentArchive } from "../follower/resident_archive.ts";
import { LoadedPartRefused } from "../log/loaded_part.ts";
import { errorOf } from "../log/log_errors.ts";
import { type LogOptions, type OpenLog, openLogInSlices } from "../log/open_log.ts";
import type { LogSlices } from "../log/log_slices.ts";
import { listSegments, logBytes } from "../log/segments.ts";
import { verifyBefore } from "../log/verify_log.ts";
import { mustVerify, unmarkVerify } from "../log/verify_mark.ts";
import type { SegmentBeginning } from "../ports/history.ts";
import type { HeapWatch } from "./heap_watch.ts";
import { loadResidentPart, replayBehind } from "./loaded_log.ts";
import { inTurns } from "./replay.ts";
import type { LogProgress } from "./log_progress.ts";

/** Parts and callbacks of the start of a log. */
interface LogStartOptions {
  /** The data folder. */
  readonly data: string;
  readonly log: Omit<LogOptions, "replay" | "loaded">;
  readonly memory: HeapWatch;
  /** True if the archive of an earlier run may be loaded. */
  readonly loadsArchive: boolean;
  /** True if the whole log is verified before the start goes on, as after damage that was found in the background. */
  readonly verifies: boolean;
  /** Awaited before each turn of the event loop. */
  turn(): Promise<void>;
}

/**
 * Most of a log that is replayed, as a share of the room for objects: a byte of the log takes nearly one in memory, and
 * memory counts as full at 0.8.
 */
const REPLAYED_SHARE = 0.65;

/** Upper bound of the memory of a row of the archive, bytes: its content has at most so many. */
const ROW_BYTES = 16_384;

/** Opens the log of a node. */
export class LogStart {
  #step: LogProgress["step"] = "log";
  #sinceMs: number;
  #state = new State();
  #entries = 0;
  #bytes = 0;
  #ofBytes: number;
  /** Beginning of the segment at which the log is opened; `undefined` for the first one. */
  #beginning: SegmentBeginning | undefined;
  #isVerified = true;
  #loaded = 0;
  #damage: string | undefined;
  /** True if the disk did not answer when the archive was to be read. */
  #hangs = false;
  readonly #options: LogStartOptions;

  constructor(options: LogStartOptions) {
    this.#options = options;
    this.#sinceMs = options.log.clock.monotonicMs();
    this.#ofBytes = logBytes(options.log.files);
  }

  /** The fold of the log, once it is open. */
  get state(): State {
    return this.#state;
  }

  /** Number of entries that the archive had when memory was loaded from it; 0 if it was not. */
  get loaded(): number {
    return this.#loaded;
  }

  /** Damage of the archive that was met while it was loaded; `undefined` if none was. */
  get damage(): string | undefined {
    return this.#damage;
  }

  /** True once entries are loaded or replayed: the log is not a new one. */
  get hasEntries(): boolean {
    return this.#entries > 0 || this.#beginning !== undefined;
  }

  /** How far the present step is. */
  get progress(): LogProgress {
    const elapsedMs = this.#options.log.clock.monotonicMs() - this.#sinceMs;
    return {
      step: this.#step,
      ofBytes: this.#ofBytes,
      bytes: this.#bytes,
      entries: this.#entries,
      elapsedMs,
    };
  }

  /** Beginning of the segment before which nothing was verified; `undefined` if all of the log was. */
  get unverified(): SegmentBeginning | undefined {
    return this.#isVerified ? undefined : this.#beginning;
  }

  /**
   * Opens the log.
   *
   * @throws {unknown} the reason of the signal; nothing was written then
   * @throws {LogDamaged} if it is damaged in a way that no crash explains
   * @throws {LogRefused} if it belongs to another node, is of a newer format, or if the disk is full
   */
  async open(signal: AbortSignal): Promise<OpenLog> {
    const opened = await this.#open(signal);
    if (this.#isVerified) unmarkVerify(this.#options.log.files);
    return opened;
  }

  async #open(signal: AbortSignal): Promise<OpenLog> {
    const archive = await this.#broughtUp(await this.#archive(signal), signal);
    if (archive === undefined) return await this.#openWhole(signal);
    try {
      return await this.#openLoaded(archive, signal);
    } catch (error) {
      if (!(error instanceof LoadedPartRefused)) throw error;
      const { cause } = error;
      if (cause instanceof Error && remedyOf(cause) === "rebuild") this.#damage = error.message;
      this.#tellNotLoaded(cause instanceof ArchiveHangs ? cause : error);
      return await this.#openWhole(signal);
    } finally {
      archive.close();
    }
  }

  async #archive(signal: AbortSignal): Promise<ResidentArchive | undefined> {
    if (!this.#options.loadsArchive || this.#ofBytes === 0) return undefined;
    try {
      return await this.#inTurns(openResidentArchive(this.#options.data), signal);
    } catch (error) {
      signal.throwIfAborted();
      this.#tellNotLoaded(errorOf(error));
      return undefined;
    }
  }

  /** The archive, after it was brought up if the log behind it is too long for memory. */
  async #broughtUp(
    archive: ResidentArchive | undefined,
    signal: AbortSignal,
  ): Promise<ResidentArchive | undefined> {
    const { log: { files, logger }, loadsArchive, memory } = this.#options;
    const from = archive?.part.beginnings.at(-1)?.segment ?? 1;
    const bytes = logBytes(files, from);
    const isTooLong = bytes > REPLAYED_SHARE * memory.status.limitBytes && listSegments(files).length > 1;
    // A disk that hangs would block this thread, if it were to write.
    if (!loadsArchive || !isTooLong || this.#hangs) return archive;
    archive?.close();
    const next = "the archive is brought up first, and the node serves after that";
    logger.info("logTooLong", { bytes, memory: memory.status.limitBytes, next });
    await this.#bringUp(from, signal);
    return await this.#archive(signal);
  }

  /** Builds the archive, and once more from nothing where what is there is of no use. */
  async #bringUp(from: number, signal: AbortSignal, isSecond = false): Promise<void> {
    const { data, log: { files, logger } } = this.#options;
    this.#begin("archive", from);
    const onReached = (position: number): void => void (this.#entries = position);
    const build = (): Promise<void> => this.#inTurns(buildArchive(data, files, onReached), signal);
    try {
      await build();
    } catch (error) {
      if (!(error instanceof BuildingFailed)) throw error;
      const isAnew = error.remedy === "rebuild" && !isSecond;
      const next = isAnew ? "it is built anew from the log" : "the whole log is replayed";
      logger.warn("archiveFailed", { problem: error.message, next });
      if (!isAnew) return;
      await new Promise<void>((done) => removeArchive(data, done));
      await this.#bringUp(1, signal, true);
    }
  }

  #begin(step: LogProgress["step"], from = 1): void {
    this.#step = step;
    this.#sinceMs = this.#options.log.clock.monotonicMs();
    this.#entries = 0;
    this.#bytes = 0;
    this.#ofBytes = logBytes(this.#options.log.files, from);
  }

  #tellNotLoaded(error: Error): void {
    const { logger } = this.#options.log;
    const next = "all of the log is read, which takes longer; the archive is made anew if it has to be";
    this.#hangs = error instanceof ArchiveHangs;
    logger[this.#hangs ? "warn" : "info"]("archiveNotLoaded", { problem: error.message, next });
  }

  async #openLoaded(archive: ResidentArchive, signal: AbortSignal): Promise<OpenLog> {
    const { log } = this.#options;
    const verifies = this.#options.verifies || mustVerify(log.files);
    const { part } = archive;
    const beginning = part.beginnings.at(-1);
    const state = new State();
    this.#state = state;
    this.#beginning = beginning;
    this.#begin("log", verifies ? 1 : beginning?.segment);
    await this.#inTurns(this.#load(archive, state), signal);
    if (verifies && beginning !== undefined) {
      await this.#inTurns(verifyBefore(log.files, beginning), signal);
    }
    this.#loaded = part.position;
    this.#isVerified = verifies || beginning?.segment === 1;
    return await this.#openLog(replayBehind(archive, state), archive, signal);
  }

  /** Nothing of the log is read. @throws {LoadedPartRefused} in place of errors of the archive */
  *#load(archive: ResidentArchive, state: State): LogSlices<void> {
    for (const rows of loadResidentPart(archive, state, this.#options.log.clock.wallMs())) {
      for (let row = 0; row < rows; row++) this.#options.memory.read(ROW_BYTES);
      yield 0;
    }
  }

  async #openWhole(signal: AbortSignal): Promise<OpenLog> {
    const state = new State();
    this.#state = state;
    this.#begin("log");
    this.#beginning = undefined;
    this.#loaded = 0;
    this.#isVerified = true;
    return await this.#openLog((entry) => void evolve(state, entry), undefined, signal);
  }

  async #openLog(
    fold: (entry: Entry) => void,
    archive: ResidentArchive | undefined,
    signal: AbortSignal,
  ): Promise<OpenLog> {
    const { log } = this.#options;
    const replay = (entry: Entry): void => {
      fold(entry);
      this.#entries++;
    };
    return await this.#inTurns(openLogInSlices({ ...log, loaded: archive?.part, replay }), signal);
  }

  async #inTurns<Result>(slices: LogSlices<Result>, signal: AbortSignal): Promise<Result> {
    const read = async (bytes: number): Promise<void> => {
      this.#bytes += bytes;
      await this.#options.turn();
    };
    const took = (bytes: number): void => this.#options.memory.read(bytes);
    return await inTurns(slices, { clock: this.#options.log.clock, signal, took, read });
  }
}
