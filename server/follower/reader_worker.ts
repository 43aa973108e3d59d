/**
 * The thread of the archive's reader: SQLite would block the event loop.
 *
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { ArchiveDatabase } from "../archive/archive_database.ts";
import { archivePath } from "./archive_folder.ts";
import { ArchiveReader } from "./archive_reader.ts";
import { stepper } from "./stepper.ts";
import type { ReaderTask } from "./worker_protocol.ts";

const reader = new ArchiveReader({
  open: (data) => ArchiveDatabase.open(archivePath(data), "read"),
  report: (report) => self.postMessage(report),
  nowMs: () => performance.now(),
});

const goOn = stepper(() => reader.step());

self.onmessage = ({ data }: MessageEvent<ReaderTask>): void => {
  reader.take(data);
  // At once: a timer takes a millisecond and more, a page less.
  if (reader.step() !== undefined) goOn();
};
