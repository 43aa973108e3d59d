/**
 * Erases deleted content from one segment, while the node goes on (`proto/log_format.md`, section 10): it is
 * verified, and if it holds anything to erase, written anew beside the old one and renamed over it. Every step
 * is small and in the background; a crash between any two leaves the old segment or the new one.
 *
 * @module
 */

import { encodeEntry } from "../core/encoded_entry.ts";
import type { Entry } from "../core/entry.ts";
import type { FileStore, SequentialReader } from "../ports/files.ts";
import { LineBuffer } from "./line_buffer.ts";
import { type FileLine, LineReader } from "./line_reader.ts";
import { errorOf } from "./log_errors.ts";
import { decodeLine, type LogLine, NO_CRC, recordJson } from "./log_line.ts";
import { encodeMark, isEntry } from "./log_record.ts";
import { LOG_FOLDER, segmentPath } from "./segments.ts";
import { unfinishedPath } from "./whole_files.ts";

/** Bytes written between two syncs: a large sync would keep the commits of the node waiting. */
const SYNC_BYTES = 4_194_304;

/** Parts and callbacks of a compaction. */
interface CompactionOptions {
  readonly files: FileStore;
  /** An entry without deleted content; the entry itself if there is nothing to erase. */
  erase(entry: Entry): Entry;
  /** Calls back once everything that `erase` may know by now is on the disk. */
  whenDurable(then: () => void): void;
  /** Called before the segment is replaced, after which its lines begin at other bytes. */
  onReplace?(): void;
  /** A reason to stop now; `undefined` if there is none. */
  whyStop(): string | undefined;
}

/** The outcome of the compaction of a segment. */
interface CompactionOutcome {
  /** Number of entries that were erased; 0 if the segment was left as it is. */
  readonly erased: number;
  readonly error?: Error;
  /** True if either of the two segments may have the name on the disk. */
  readonly isInDoubt?: boolean;
}

/** The outcome of a search. */
interface SearchOutcome {
  readonly isFound: boolean;
  readonly error?: Error | undefined;
}

/** Compacts one segment, which must not be the one that is being written. */
export function compactSegment(
  options: CompactionOptions,
  segment: number,
  done: (outcome: CompactionOutcome) => void,
): void {
  const compaction = new SegmentCompaction(options, segment, Infinity, done);
  compaction.look((isFound) => isFound ? compaction.rewrite() : compaction.end({ erased: 0 }));
}

/**
 * Looks for anything to erase in a segment, which may be the one that is being written.
 *
 * @param bytes length of its durable part
 */
export function findErasable(
  options: CompactionOptions,
  segment: number,
  bytes: number,
  done: (outcome: SearchOutcome) => void,
): void {
  let isFound = false;
  const search = new SegmentCompaction(options, segment, bytes, ({ error }) => done({ isFound, error }));
  search.look((found) => {
    isFound = found;
    search.end({ erased: 0 });
  });
}

class SegmentCompaction {
  readonly #path: string;
  readonly #unfinished: string;
  readonly #lines = new LineBuffer();
  #reader: SequentialReader | undefined;
  #erased = 0;
  #unsyncedBytes = 0;
  /** Checksum of the last line that was read. */
  #crc = NO_CRC;
  readonly #options: CompactionOptions;
  /** Length of the part that is read, bytes. */
  readonly #bytesMax: number;
  readonly #done: (outcome: CompactionOutcome) => void;

  constructor(
    options: CompactionOptions,
    segment: number,
    bytesMax: number,
    done: (outcome: CompactionOutcome) => void,
  ) {
    this.#options = options;
    this.#bytesMax = bytesMax;
    this.#done = done;
    this.#path = segmentPath(segment);
    this.#unfinished = unfinishedPath(segment);
  }

  /** Looks for an entry that has anything to erase. */
  look(then: (isFound: boolean) => void): void {
    let isFound = false;
    const each = ({ record }: LogLine): void => {
      isFound ||= isEntry(record) && this.#options.erase(record) !== record;
    };
    this.#read(each, (next) => next(), () => then(isFound));
  }

  /** Writes the segment anew, without what is to be erased. */
  rewrite(): void {
    const { files } = this.#options;
    const sealedCrc = this.#crc;
    let crc: string | undefined;
    const each = (line: LogLine, bytes: Uint8Array): void => {
      // The first line follows the segment before, as ever.
      crc = this.#lines.append(
        this.#rewritten(line, bytes, sealedCrc),
        line.batch,
        line.left,
        crc ?? line.prev,
      );
    };
    this.#attempt(
      (done) => files.removeLater(this.#unfinished, done),
      () => this.#read(each, (next) => this.#write(next), () => this.#sync(() => this.#replace())),
    );
  }

  /** Writes the lines of a slice. */
  #write(next: () => void): void {
    const { bytes } = this.#lines;
    this.#attempt((done) => this.#options.files.appendLater(this.#unfinished, bytes, done), () => {
      this.#lines.clear();
      this.#unsyncedBytes += bytes.length;
      if (this.#unsyncedBytes < SYNC_BYTES) next();
      else this.#sync(next);
    });
  }

  #sync(next: () => void): void {
    this.#unsyncedBytes = 0;
    this.#attempt((done) => this.#options.files.sync(this.#unfinished, done), next);
  }

  /** JSON of a line's record in the new segment: as it is, unless there is something to erase. */
  #rewritten({ record, text }: LogLine, bytes: Uint8Array, sealedCrc: string): Uint8Array {
    if (!isEntry(record)) {
      if (record.type !== "segmentOpened") return recordJson(bytes, text);
      return encodeMark({ ...record, sealedCrc: record.sealedCrc ?? sealedCrc });
    }
    const kept = this.#options.erase(record);
    if (kept === record) return recordJson(bytes, text);
    this.#erased++;
    return encodeEntry(kept).json;
  }

  #replace(): void {
    const { files, whenDurable, onReplace } = this.#options;
    // Content must not be gone before its deletion is on the disk.
    whenDurable(() =>
      this.#attempt(
        (done) => {
          onReplace?.();
          files.renameLater(this.#unfinished, this.#path, done);
        },
        () => files.syncFolder(LOG_FOLDER, (error) => this.#replaced(error)),
      )
    );
  }

  #replaced(error: Error | undefined): void {
    this.end(error === undefined ? { erased: this.#erased } : { erased: 0, error, isInDoubt: true });
  }

  /**
   * Reads all lines, slice by slice.
   *
   * @param each takes a line, decoded and as bytes
   * @param afterSlice handles the lines of a slice before the next one is read
   */
  #read(
    each: (line: LogLine, bytes: Uint8Array) => void,
    afterSlice: (next: () => void) => void,
    then: () => void,
  ): void {
    const reader = this.#options.files.reader(this.#path);
    this.#reader = reader;
    const lines = new LineReader((line) => {
      if (line.offset + line.length > this.#bytesMax) return false;
      each(this.#verified(line), line.bytes);
      return true;
    });
    const slice = (): void =>
      this.#attempt<number>((done) => reader.readLater(lines.room, done), (got) => {
        const isMore = lines.took(got);
        afterSlice(() => {
          if (isMore) return slice();
          reader.close();
          then();
        });
      });
    slice();
  }

  /** @throws {Error} if the line is damaged: a new checksum would hide that for ever */
  #verified(line: FileLine): LogLine {
    const decoded = line.problem ?? decodeLine(line.bytes, line.text);
    if (typeof decoded === "string") throw damaged(line, decoded);
    const isFirst = line.number === 1;
    if (!isFirst && decoded.prev !== this.#crc) {
      throw damaged(line, `it follows ${decoded.prev}, not ${this.#crc}`);
    }
    if (isFirst && decoded.record.type !== "segmentOpened") throw damaged(line, "it is not segmentOpened");
    this.#crc = decoded.crc;
    return decoded;
  }

  /** One step in the background, then the next; an error in either ends the compaction. */
  #attempt<Result = void>(
    step: (done: (outcome?: Result | Error) => void) => void,
    then: (result: Result) => void,
  ): void {
    const reason = this.#options.whyStop();
    if (reason !== undefined) return this.#giveUp(new Error(reason));
    step((outcome) => {
      if (outcome instanceof Error) return this.#giveUp(outcome);
      try {
        then(outcome as Result);
      } catch (thrown) {
        this.#giveUp(errorOf(thrown));
      }
    });
  }

  /** Leaves the segment as it is. If the unfinished file cannot be removed, the next start removes it. */
  #giveUp(error: Error): void {
    this.#reader?.close();
    this.#options.files.removeLater(this.#unfinished, () => this.end({ erased: 0, error }));
  }

  /** Ends the compaction. */
  end(outcome: CompactionOutcome): void {
    this.#reader?.close();
    this.#options.files.close(this.#unfinished);
    this.#done(outcome);
  }
}

function damaged({ number, offset }: FileLine, problem: string): Error {
  return new Error(
    `line ${number} (byte ${offset}) is damaged: ${problem}; chat-server log verify says more`,
  );
}
