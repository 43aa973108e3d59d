/**
 * The node that a log belongs to.
 *
 * @module
 */

import type { FileReads } from "../ports/files.ts";
import { readLines } from "./line_reader.ts";
import { decodeLine } from "./log_line.ts";
import { isEntry } from "./log_record.ts";
import { segmentPath } from "./segments.ts";

/** Name of the node of a log, by its first line; `undefined` if that is damaged or missing. */
export function nodeOfLog(files: FileReads): string | undefined {
  let node: string | undefined;
  if (files.size(segmentPath(1)) === undefined) return undefined;
  readLines(files, segmentPath(1), ({ bytes, text, problem }) => {
    const line = problem ?? decodeLine(bytes, text);
    if (typeof line === "string" || isEntry(line.record)) return false;
    if (line.record.type === "segmentOpened") node = line.record.node;
    return false;
  });
  return node;
}
