/**
 * The thread that checks the archive: it reads all of it, at low cost to others.
 *
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { ArchiveDatabase } from "../archive/archive_database.ts";
import { archivePath } from "./archive_folder.ts";
import { PacedWork } from "./paced_work.ts";
import { remedyOf } from "./remedy.ts";
import { stepper } from "./stepper.ts";
import type { CheckReport, CheckTask } from "./worker_protocol.ts";

const report = (so: CheckReport): void => self.postMessage(so);

function* check(data: string): Generator<number, void, void> {
  const archive = ArchiveDatabase.open(archivePath(data), "read");
  try {
    const messages = yield* archive.check();
    report({ type: "checked", messages });
  } finally {
    archive.close();
  }
}

self.onmessage = ({ data: { data } }: MessageEvent<CheckTask>): void => {
  const work = new PacedWork(check(data), () => performance.now());
  stepper(() => {
    try {
      return work.step(() => report({ type: "checking" }));
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      report({ type: "failed", problem: error.message, remedy: remedyOf(error) });
      return undefined;
    }
  })();
};
