/**
 * The progress of a start for people: a bar on a terminal, a line of diagnostics now and then elsewhere.
 *
 * @module
 */

import { grouped } from "../../common/protocol/cluster_status.ts";
import type { StatusLine } from "../diagnostics/status_line.ts";
import type { Logger } from "../ports/outside.ts";
import { leftMs, type LogProgress, percentOf } from "../process/log_progress.ts";
import { durationText } from "./status_report.ts";

/** Time that a start may take without a word, ms. */
const QUIET_MS = 1_000;

/** Interval of the lines, and of the drawings of the bar, ms. */
const LINE_MS = 5_000;
const BAR_MS = 200;

/** Columns between the brackets of the bar. */
const BAR_COLUMNS = 24;

/** The event of a line of each step, and the words before the bar. */
const EVENTS: Readonly<Record<LogProgress["step"], string>> = {
  archive: "archiveBuilding",
  log: "replaying",
};
const TITLES: Readonly<Record<LogProgress["step"], string>> = {
  archive: "building the archive",
  log: "reading the log",
};

const BYTES_PER_MEBIBYTE = 1_048_576;

/** Where the progress is reported. */
interface StartReportOptions {
  readonly logger: Logger;
  /** The line for the bar; `undefined` where standard error is no terminal. */
  readonly statusLine: StatusLine | undefined;
  /** The width of the terminal; asked for at each drawing. */
  columns(): number;
}

/** Reports the progress of a start that takes long. */
export class StartReport {
  readonly #options: StartReportOptions;
  #step: LogProgress["step"] | undefined;
  /** Time of the progress of that step that is reported next, ms. */
  #dueMs = QUIET_MS;

  constructor(options: StartReportOptions) {
    this.#options = options;
  }

  /** A step is so far; to be called some times a second. */
  show(progress: LogProgress): void {
    if (progress.step !== this.#step) this.#dueMs = QUIET_MS;
    this.#step = progress.step;
    if (progress.elapsedMs < this.#dueMs) return;
    const { logger, statusLine, columns } = this.#options;
    this.#dueMs = progress.elapsedMs + (statusLine === undefined ? LINE_MS : BAR_MS);
    if (statusLine === undefined) logger.info(EVENTS[progress.step], fields(progress));
    // One column less than there are: some terminals go to the next row with the last one.
    else statusLine.draw(barText(progress).slice(0, Math.max(0, columns() - 1)));
  }

  /** The log is read: the bar goes. */
  async end(): Promise<void> {
    await this.#options.statusLine?.clear();
  }
}

/** The fields of a line of diagnostics; `leftS` is absent as long as nothing is known. */
function fields(progress: LogProgress): Readonly<Record<string, number>> {
  const { bytes, ofBytes, entries } = progress;
  const left = leftMs(progress);
  return {
    percent: percentOf(progress),
    bytes,
    ofBytes,
    entries,
    ...left === undefined ? {} : { leftS: Math.ceil(left / 1_000) },
  };
}

/** The bar, in ASCII. */
export function barText(progress: LogProgress): string {
  const { bytes, ofBytes, entries } = progress;
  const percent = percentOf(progress);
  const filled = Math.floor(BAR_COLUMNS * percent / 100);
  const bar = `${"#".repeat(filled)}${"-".repeat(BAR_COLUMNS - filled)}`;
  const left = leftMs(progress);
  const amount = `${mebibytes(bytes)} of ${mebibytes(ofBytes)} MiB, ${grouped(entries)} entries`;
  const rest = left === undefined ? "" : `, ${durationText(left)} left`;
  return `${TITLES[progress.step]} [${bar}] ${percent} %: ${amount}${rest}`;
}

function mebibytes(bytes: number): string {
  return grouped(Math.round(bytes / BYTES_PER_MEBIBYTE));
}
