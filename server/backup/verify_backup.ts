/**
 * Verifies a backup: its files, every line in them, and that it is what its manifest says.
 *
 * @module
 */

import type { Entry } from "../core/entry.ts";
import type { Damage } from "../log/log_errors.ts";
import type { LogLine } from "../log/log_line.ts";
import { isEntry } from "../log/log_record.ts";
import { scanSlices } from "../log/log_scan.ts";
import type { LogSlices } from "../log/log_slices.ts";
import type { LogEnd } from "../log/segments.ts";
import type { FileReads } from "../ports/files.ts";
import { BackupDamaged, BackupRefused } from "./backup_errors.ts";
import { BackupLog } from "./backup_log.ts";
import type { Manifest, StoredSegment } from "./manifest.ts";
import { hashSegment, shortProblem } from "./segment_check.ts";

/** The first entry that is later than the time up to which a backup is wanted. */
interface LateEntry extends Pick<Entry, "origin" | "seq"> {
  /** Microseconds since the Unix epoch. */
  readonly time: number;
}

/** A backup that is whole, or its part up to a time. */
export interface VerifiedBackup {
  /** End of the log in the backup, or of its last batch up to the time. */
  readonly end: LogEnd;
  /** Number of entries up to there. */
  readonly entries: number;
  /** Time of the latest entry up to there, microseconds since the Unix epoch; 0 without entries. */
  readonly latest: number;
  /** The entry whose batch, and everything behind it, is left out; `undefined` if nothing is. */
  readonly cutBy: LateEntry | undefined;
}

/**
 * Verifies a backup.
 *
 * @param until time up to which it is wanted, microseconds since the Unix epoch: it ends before the first batch with
 *   a later entry. Everything is verified all the same
 * @throws {BackupDamaged} with file, line and byte
 * @throws {BackupRefused} if it has no batch, or no entry up to that time
 * @throws {LogRefused} if the format of the log is newer than known
 */
export function* verifyBackup(
  files: FileReads,
  manifest: Manifest,
  until = Infinity,
): LogSlices<VerifiedBackup> {
  const { segments } = manifest;
  const last = segments.at(-1);
  if (last === undefined) throw new BackupRefused("the first backup there was never finished");
  for (const segment of segments) refuseShort(files, segment);
  const log = new BackupLog(files, segments);
  const part = new PartUpTo(until);
  const { damage, end } = yield* scanSlices(log, (lines, begin) => part.take(lines, begin));
  if (damage !== undefined) throw new BackupDamaged(placeOf(damage, segments), damage.problem);
  if (end.crc !== last.crc || end.batch !== last.batch) {
    throw new BackupDamaged(
      last.file,
      `it ends with batch ${end.batch}, and the manifest says ${last.batch}`,
    );
  }
  for (const [index, { file, sha256 }] of segments.entries()) {
    const actual = yield* hashSegment(log, index + 1);
    if (actual !== sha256) throw new BackupDamaged(file, `its SHA-256 is ${actual}, not ${sha256}`);
  }
  if (part.entries === 0 && until < Infinity) {
    throw new BackupRefused("the first entry in the backup is later than that time");
  }
  return { end: part.end(end, segments), entries: part.entries, latest: part.latest, cutBy: part.cutBy };
}

function refuseShort(files: FileReads, segment: StoredSegment): void {
  const problem = shortProblem(files, segment);
  if (problem !== undefined) throw new BackupDamaged(segment.file, problem);
}

function placeOf({ file, line, offset }: Damage, segments: readonly StoredSegment[]): string {
  const segment = Number(/(\d{8})\.jsonl$/.exec(file)?.[1]);
  return `${segments[segment - 1]?.file ?? file}, line ${line} (byte ${offset})`;
}

/** The batches of a log before the first one with an entry that is later than a time. */
class PartUpTo {
  entries = 0;
  latest = 0;
  cutBy: LateEntry | undefined;
  #cut: LogEnd | undefined;
  readonly #until: number;

  constructor(until: number) {
    this.#until = until;
  }

  take(lines: readonly LogLine[], begin: LogEnd): void {
    if (this.#cut !== undefined) return;
    const entries = lines.flatMap(({ record }) =>
      isEntry(record) ? [{ origin: record.origin, seq: record.seq, time: timeOf(record) }] : []
    );
    this.cutBy = entries.find(({ time }) => time > this.#until);
    if (this.cutBy !== undefined) this.#cut = begin;
    else {
      this.entries += entries.length;
      this.latest = entries.reduce((latest, { time }) => Math.max(latest, time), this.latest);
    }
  }

  end(whole: LogEnd, segments: readonly StoredSegment[]): LogEnd {
    const cut = this.#cut;
    if (cut === undefined) return whole;
    // Where a segment begins, the log ends with the one before.
    const before = segments[cut.segment - 2];
    if (cut.bytes > 0 || before === undefined) return cut;
    const { bytes, batch, crc, sealedCrc } = before;
    return { segment: cut.segment - 1, bytes, batch, crc, sealedCrc };
  }
}

/** Time of an entry: that of its event, as it is shown to people, or its stamp. */
function timeOf(entry: Entry): number {
  return "at" in entry && entry.at !== undefined ? entry.at : entry.stamp;
}
