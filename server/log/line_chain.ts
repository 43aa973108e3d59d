/**
 * The chain of a file's lines: each names the checksum of the one before.
 *
 * @module
 */

import type { FileLine } from "./line_reader.ts";
import { decodeLine, type LogLine } from "./log_line.ts";

/** The lines of one file, from its beginning or from any line on. */
export class LineChain {
  /** Checksum of the last line; `undefined` before the first. */
  #crc: string | undefined;

  /** Reads the next line; returns the problem if it is damaged, or does not follow the last one. */
  next({ problem, bytes, text }: FileLine): LogLine | string {
    const line = problem ?? decodeLine(bytes, text);
    if (typeof line === "string") return line;
    if (line.prev !== (this.#crc ?? line.prev)) return `it follows ${line.prev}, not ${this.#crc}`;
    this.#crc = line.crc;
    return line;
  }
}
