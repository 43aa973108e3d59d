/**
 * The one way to a node's log.
 *
 * @module
 */

import { LogHistory } from "./entry_history.ts";
import { atOnce, type LogSlices } from "./log_slices.ts";
import { LogWriter, type WriterOptions } from "./log_writer.ts";
import { recoverLog, type RecoveryOptions } from "./recover_log.ts";

/** Default of `segmentBytes`: 64 MiB, of which a start after a crash makes a copy in less than a second. */
export const SEGMENT_BYTES = 67_108_864;

/** Parts and callbacks of a log. */
export type LogOptions = RecoveryOptions & WriterOptions;

/** A log that is open. */
export interface OpenLog {
  /** The journal; it is read-only where the disk is full. */
  readonly log: LogWriter;
  /** Its durable part, for reading it again. */
  readonly history: LogHistory;
  /** Origin of the entries that this node makes. */
  readonly origin: string;
  /** True if the origin is new: no entry of it exists. */
  readonly minted: boolean;
  /** Version of the program that wrote to the log before; `undefined` for a new log. */
  readonly writtenBy: string | undefined;
}

/**
 * Recovers the log of a data folder (or begins one), replays it, and opens it for writing. The folder must be
 * locked.
 *
 * @throws {LogDamaged} if it is damaged in a way that no crash explains
 * @throws {LogRefused} if it belongs to another node, is of a newer format, or if the disk is full
 * @throws {LoadedPartRefused} if the log has to be replayed as a whole; nothing was changed
 */
export function openLog(options: LogOptions): OpenLog {
  return atOnce(openLogInSlices(options));
}

/** The same in slices. A log whose opening is stopped between two of them is as it was. */
export function* openLogInSlices(options: LogOptions): LogSlices<OpenLog> {
  const history = new LogHistory(options.files);
  const { end, ...recovered } = yield* recoverLog(options, history);
  return { log: new LogWriter(options, end, history), history, ...recovered };
}
