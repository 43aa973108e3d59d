/**
 * The part of a log that a start need not replay, because its fold was loaded from the archive.
 *
 * @module
 */

import { isSameVersion } from "../core/same_version.ts";
import type { Version } from "../core/version.ts";
import type { FileStore } from "../ports/files.ts";
import type { LogPlace, SegmentBeginning } from "../ports/history.ts";
import type { LogHistory } from "./entry_history.ts";
import { readLines } from "./line_reader.ts";
import { decodeLine } from "./log_line.ts";
import type { LogScan } from "./log_scan.ts";
import { segmentPath } from "./segments.ts";

/** The place up to which a fold was loaded, and the beginnings of all segments up to it. */
export interface LoadedPart extends LogPlace {
  /** In order, from the first segment on. The last one is where the log is opened. */
  readonly beginnings: readonly SegmentBeginning[];
}

/** The loaded part is not that of this log, or this log is damaged: it has to be replayed as a whole. */
export class LoadedPartRefused extends Error {
  override readonly name = "LoadedPartRefused";
}

/** Takes the entries of a log from the segment on at which it is opened, and replays those behind the loaded part. */
export class LoadedReplay {
  /** Beginning of the segment at which the log is opened. */
  readonly from: SegmentBeginning;
  #position: number;
  readonly #part: LoadedPart;
  readonly #history: LogHistory;

  /**
   * @param history a new one, which gets all beginnings
   * @throws {LoadedPartRefused} if the log has another segment there
   */
  constructor(part: LoadedPart, files: FileStore, history: LogHistory) {
    this.from = openedAt(part);
    checkFirstLine(files, this.from);
    this.#position = this.from.position;
    this.#part = part;
    this.#history = history;
    history.beginAt(part.beginnings);
    if (this.#position === part.position) this.#compare(this.from.version);
  }

  /** Takes the next entry, which the history has; returns true if it is to be replayed. @throws {LoadedPartRefused} */
  take(): boolean {
    this.#position++;
    if (this.#position === this.#part.position) this.#compare(this.#history.end.version);
    return this.#position > this.#part.position;
  }

  /** @throws {LoadedPartRefused} unless the scan went beyond the loaded part, and found no damage but a torn tail */
  checkEnd({ damage }: LogScan): void {
    if (damage?.proof !== undefined) throw new LoadedPartRefused(`the log is damaged: ${damage.problem}`);
    if (this.#position < this.#part.position) {
      throw new LoadedPartRefused(
        `it has ${this.#part.position} entries, and the log has ${this.#position}`,
      );
    }
  }

  #compare(version: Version): void {
    if (isSameVersion(this.#part.version, version)) return;
    throw new LoadedPartRefused("it was folded from other entries than the log has now");
  }
}

function openedAt({ beginnings, position }: LoadedPart): SegmentBeginning {
  const from = beginnings.at(-1);
  const isWhole = beginnings.every(({ segment }, i) => segment === i + 1);
  if (from === undefined || !isWhole || from.position > position) {
    throw new LoadedPartRefused("it does not know where the segments of the log begin");
  }
  return from;
}

/** Damage there is found by the whole replay, which says more of it. @throws {LoadedPartRefused} */
function checkFirstLine(files: FileStore, { segment, batch, crc }: SegmentBeginning): void {
  const path = segmentPath(segment);
  let isSame = false;
  if (files.size(path) !== undefined) {
    readLines(files, path, (line) => {
      const first = line.problem ?? decodeLine(line.bytes, line.text);
      isSame = typeof first !== "string" && first.batch === batch + 1 && first.prev === crc;
      return false;
    });
  }
  if (!isSame) throw new LoadedPartRefused(`${path} does not begin as it knows it`);
}
