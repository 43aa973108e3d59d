/**
 * Makes a backup of a log, also while its node writes to it and compacts it. The backup before stays valid until the
 * manifest of this one is in its place.
 *
 * @module
 */

import type { LogSlices } from "../log/log_slices.ts";
import type { Damage } from "../log/log_errors.ts";
import { listSegments, segmentPath } from "../log/segments.ts";
import type { FileReads, FileStore } from "../ports/files.ts";
import { BackupRefused } from "./backup_errors.ts";
import { SEGMENTS_FOLDER, tidyFolder, writeManifest } from "./backup_folder.ts";
import { BackupLog, type StoredFile } from "./backup_log.ts";
import { copySegment } from "./copy_segment.ts";
import { lastPlaces, type Manifest, manifestOf, type StoredSegment } from "./manifest.ts";
import { checkSegment, hashSegment, shortProblem } from "./segment_check.ts";

/** Parts of a backup. */
interface BackupParts {
  /** The data folder. */
  readonly source: FileReads;
  /** Makes durable what a file of the data folder has: the last batch may be in the system's cache only. */
  settle(path: string): void;
  /** The folder of the backup. */
  readonly target: FileStore;
  /** The manifest there. */
  readonly before: Manifest;
  /** Now, ISO 8601. */
  readonly time: string;
  /** Version of the program. */
  readonly program: string;
}

/** A backup that was made. */
export interface MadeBackup {
  readonly manifest: Manifest;
  /** Number of bytes that were copied; everything else was there. */
  readonly copied: number;
  /** Files of the backup before that were not whole any more, each with its problem: they were copied anew. */
  readonly replaced: readonly string[];
}

/**
 * Makes a backup of everything that the log has by now, to its last whole batch.
 *
 * @throws {BackupRefused} if the log is damaged, or lacks entries that the backup before has
 * @throws {LogRefused} if the format of the log is newer than known
 * @throws {Error} of the system; the backup before is valid then
 */
export function* makeBackup(parts: BackupParts): LogSlices<MadeBackup> {
  const { target, before, time, program } = parts;
  const run = new BackupRun(parts);
  try {
    yield* run.takeAll();
    const manifest = manifestOf({
      ...before,
      number: before.number + 1,
      time,
      program,
      segments: run.stored,
    });
    refuseLoss(before, manifest);
    refuseOther(before, run.passed);
    target.syncFolderNow(SEGMENTS_FOLDER);
    writeManifest(target, manifest);
    tidyFolder(target, manifest);
    return { manifest, copied: run.copied, replaced: run.replaced };
  } catch (error) {
    giveRoomBack(target, before);
    throw error;
  }
}

/** What was copied in vain would only take room; the next backup removes what is left. */
function giveRoomBack(target: FileStore, before: Manifest): void {
  try {
    tidyFolder(target, before);
  } catch {
    // The first error is the one to tell.
  }
}

/** A log that was lost and begun anew must not replace the backup that would bring it back. */
function refuseLoss(before: Manifest, { version }: Manifest): void {
  for (const [origin, seq] of Object.entries(before.version)) {
    const has = version[origin] ?? 0;
    if (has >= seq) continue;
    throw new BackupRefused(
      `the backup of ${before.time} there has ${seq} entries of ${origin}, and the log has ${has}. That backup ` +
        "stays as it is: bring back what is missing, or name another folder for the backups from now on",
    );
  }
}

/** A log that was rolled back has other entries under the numbers of those that it lost. */
function refuseOther({ time, segments }: Manifest, passed: ReadonlyMap<string, number | undefined>): void {
  for (const [origin, { seq, chain }] of lastPlaces(segments)) {
    const found = passed.get(origin);
    if (chain === undefined || found === undefined || chain === found) continue;
    throw new BackupRefused(
      `the log has other entries of ${origin} than the backup of ${time} there, among the first ${seq}. That backup ` +
        "stays as it is, and may be all that is left of them: name another folder for the backups from now on",
    );
  }
}

class BackupRun {
  readonly stored: StoredSegment[] = [];
  /** Chain of each origin at the last entry that the backup before has of it; `undefined` if it is unknown. */
  readonly passed = new Map<string, number | undefined>();
  copied = 0;
  readonly replaced: string[] = [];
  readonly #parts: BackupParts;

  constructor(parts: BackupParts) {
    this.#parts = parts;
  }

  /** Takes all segments that there are now; and later ones, if a copy may reflect deletions that they have. */
  *takeAll(): LogSlices<void> {
    let end = this.#lastSegment();
    for (let segment = 1; segment <= end; segment++) {
      yield* this.#take(segment);
      if (this.#isNewlyCompacted(segment)) end = this.#lastSegment();
    }
    if (this.stored.length === 0) {
      throw new BackupRefused("the log has no whole batch yet; try again in a second");
    }
  }

  #lastSegment(): number {
    return listSegments(this.#parts.source).at(-1) ?? 0;
  }

  #isNewlyCompacted(segment: number): boolean {
    const [copy, kept] = [this.stored[segment - 1], this.#parts.before.segments[segment - 1]];
    return copy?.sealedCrc !== undefined && copy !== kept;
  }

  /** Copies and verifies one segment. */
  *#take(segment: number): LogSlices<void> {
    const { source, settle, target, before } = this.#parts;
    let kept = this.#wholeCopy(before.segments[segment - 1]);
    if (source.size(segmentPath(segment)) === undefined) throw damaged(`${segmentPath(segment)} is missing`);
    for (let failed = 0;;) {
      // A segment is finished before the next one is there: so the end of this one may be read from here on.
      const isLast = segment >= this.#lastSegment();
      const { copied, ...copy } = yield* copySegment({
        source,
        target,
        segment,
        kept,
        number: before.number + 1,
      });
      this.copied += copied;
      if (copy.file !== kept?.file) kept = undefined;
      if (isLast && copied > 0) settle(segmentPath(segment));
      if (isLast && segment < this.#lastSegment()) continue;
      if (kept?.chains !== undefined && copied === 0) return this.#keep(kept);
      const damage = yield* this.#verify(segment, copy, isLast, kept?.bytes ?? 0);
      if (damage === undefined) return;
      // Of an unfinished write at the end, the node may have taken a part back while it was being copied.
      if (kept === undefined && (!isLast || ++failed > 1)) throw damaged(placeText(damage));
      if (kept !== undefined && damage.offset < kept.bytes) {
        this.replaced.push(`${kept.file}, ${problemText(damage)}`);
      }
      // Where only the copy is damaged, one of the whole segment is not.
      kept = undefined;
    }
  }

  /** A copy of the backup before, unless its file was removed or cut since. */
  #wholeCopy(kept: StoredSegment | undefined): StoredSegment | undefined {
    const problem = kept && shortProblem(this.#parts.target, kept);
    if (kept === undefined || problem === undefined) return kept;
    this.replaced.push(`${kept.file}: ${problem}`);
    return undefined;
  }

  /** Takes a copy of the backup before as it is. */
  #keep(kept: StoredSegment): void {
    this.stored.push(kept);
    for (const [origin, seq] of Object.entries(kept.reached)) {
      if (this.#parts.before.version[origin] === seq) this.passed.set(origin, kept.chains?.[origin]);
    }
  }

  /**
   * Verifies a copy, and takes it up to its last whole batch; returns its damage.
   *
   * @param continued number of its first bytes that the backup before has, which end with a whole batch
   */
  *#verify(
    segment: number,
    copy: StoredFile,
    isLast: boolean,
    continued: number,
  ): LogSlices<Damage | undefined> {
    const { target, before } = this.#parts;
    const log = new BackupLog(target, [...this.stored, copy]);
    const found = yield* checkSegment(log, { before: this.stored, isLast, asked: before.version });
    const { end: { bytes, batch, crc, sealedCrc }, entries, reached, chains, damage } = found;
    const isTornTail = isLast && damage?.proof === undefined && bytes >= continued;
    if (damage !== undefined && !isTornTail) return damage;
    // The first batch of a segment may be the one that is being written.
    if (bytes === 0) return undefined;
    if (bytes < copy.bytes) {
      target.truncate(copy.file, bytes);
      target.syncNow(copy.file);
      target.close(copy.file);
    }
    const whole = { file: copy.file, bytes };
    const sha256 = yield* hashSegment(new BackupLog(target, [...this.stored, whole]), segment);
    const sealed = sealedCrc === undefined ? {} : { sealedCrc };
    this.stored.push({ ...whole, sha256, entries, batch, crc, ...sealed, reached, chains });
    for (const [origin, chain] of found.passed) this.passed.set(origin, chain);
    return undefined;
  }
}

function placeText(damage: Damage): string {
  return `the copy of ${damage.file} is damaged at ${problemText(damage)}`;
}

function problemText({ line, offset, problem }: Damage): string {
  return `line ${line} (byte ${offset}): ${problem}`;
}

function damaged(problem: string): BackupRefused {
  return new BackupRefused(
    `${problem}. The backup before stays as it is. \`chat-server log verify\` says more about the log`,
  );
}
