/**
 * The archive of a log that does not fit into memory: it is brought up before the node starts, while nobody writes to
 * the log.
 *
 * @module
 */

import { ArchiveDatabase } from "../archive/archive_database.ts";
import { type LogSlices } from "../log/log_slices.ts";
import { listSegments } from "../log/segments.ts";
import type { FileStore, SequentialReader } from "../ports/files.ts";
import { archivePath, makeArchiveFolder } from "./archive_folder.ts";
import { ArchiveKeeper } from "./archive_keeper.ts";
import type { Remedy } from "./remedy.ts";
import type { WriterReport } from "./worker_protocol.ts";

/** The archive could not be brought up. */
export class BuildingFailed extends Error {
  override readonly name = "BuildingFailed";

  constructor(problem: string, readonly remedy: Remedy) {
    super(problem);
  }
}

/**
 * Lets the archive follow a log up to its last segment, whose end may be torn. The slices say how many bytes were read.
 *
 * @param data the data folder, with these files
 * @param onReached called with the number of entries that the archive has
 * @throws {BuildingFailed} what was folded before stays
 */
export function* buildArchive(
  data: string,
  files: FileStore,
  onReached: (position: number) => void,
): LogSlices<void> {
  let failure: BuildingFailed | undefined;
  const report = (told: WriterReport): void => {
    if (told.type === "reached") onReached(told.position);
    if (told.type === "failed") failure = new BuildingFailed(told.problem, told.remedy);
  };
  const reads = new CountedReads(files);
  const open = (): ArchiveDatabase => {
    makeArchiveFolder(data);
    return ArchiveDatabase.open(archivePath(data), "write");
  };
  const keeper = new ArchiveKeeper({ open, files: () => reads, report, nowMs: () => performance.now() });
  try {
    keeper.take({ type: "open", data });
    // Nobody has counted the entries. They are very many, and are folded in long transactions.
    const durable = { segment: listSegments(files).at(-1) ?? 1, bytes: 0, position: Infinity };
    keeper.take({ type: "follow", from: undefined, durable });
    while (keeper.step() !== undefined) yield reads.take();
  } finally {
    keeper.take({ type: "stop" });
  }
  if (failure !== undefined) throw failure;
}

/** Files whose bytes are counted as they are read. */
class CountedReads implements Pick<FileStore, "reader"> {
  #bytes = 0;
  readonly #files: Pick<FileStore, "reader">;

  constructor(files: Pick<FileStore, "reader">) {
    this.#files = files;
  }

  /** Number of bytes that were read since the last call. */
  take(): number {
    const bytes = this.#bytes;
    this.#bytes = 0;
    return bytes;
  }

  reader(path: string): SequentialReader {
    const reader = this.#files.reader(path);
    return {
      read: (into) => {
        const bytes = reader.read(into);
        this.#bytes += bytes;
        return bytes;
      },
      readLater: (into, done) => reader.readLater(into, done),
      close: () => reader.close(),
    };
  }
}
