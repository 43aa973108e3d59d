/**
 * The thread that reads the archive for a start: a disk that hangs would block the event loop, and nobody could say so.
 *
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { ArchiveDatabase } from "../archive/archive_database.ts";
import { archivePath } from "./archive_folder.ts";
import type { StartChannel, StartTask } from "./start_protocol.ts";
import { StartReader } from "./start_reader.ts";

self.onmessage = ({ data: { port, reports } }: MessageEvent<StartChannel>): void => {
  const reader = new StartReader({
    open: (data) => isNew(archivePath(data)) ? undefined : ArchiveDatabase.open(archivePath(data), "read"),
    report: (report) => {
      port.postMessage(report);
      Atomics.add(reports, 0, 1);
      Atomics.notify(reports, 0);
    },
  });
  port.onmessage = ({ data }: MessageEvent<StartTask>): void => reader.take(data);
};

/** True if no writer has come so far as to make the database. */
function isNew(path: string): boolean {
  try {
    return Deno.statSync(path).size === 0;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}
