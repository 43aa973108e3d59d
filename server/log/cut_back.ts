/**
 * Taking back the end of a segment that is partly written.
 *
 * @module
 */

import type { Done, FileStore } from "../ports/files.ts";
import { errorOf } from "./log_errors.ts";
import { type LogEnd, segmentPath } from "./segments.ts";

/** Cuts a segment, unless there was no room for its name, and syncs it. */
export function cutBack(files: FileStore, end: LogEnd, done: Done): void {
  const path = segmentPath(end.segment);
  if (files.size(path) === undefined) return done();
  try {
    files.truncate(path, end.bytes);
  } catch (thrown) {
    return done(errorOf(thrown));
  }
  files.sync(path, done);
}
