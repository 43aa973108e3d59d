/**
 * The thread of the archive's writer: SQLite and the log's files would block the event loop.
 *
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { ArchiveDatabase } from "../archive/archive_database.ts";
import { DenoFiles } from "../log/deno_files.ts";
import { archivePath, makeArchiveFolder } from "./archive_folder.ts";
import { ArchiveKeeper } from "./archive_keeper.ts";
import { stepper } from "./stepper.ts";
import type { WriterTask } from "./worker_protocol.ts";

const keeper = new ArchiveKeeper({
  open: (data) => {
    makeArchiveFolder(data);
    return ArchiveDatabase.open(archivePath(data), "write");
  },
  files: (data) => new DenoFiles(data),
  report: (report) => self.postMessage(report),
  nowMs: () => performance.now(),
});

const goOn = stepper(() => keeper.step());

self.onmessage = ({ data }: MessageEvent<WriterTask>): void => {
  keeper.take(data);
  goOn();
};
