/**
 * One line of the log: its record, its place in the log, and its checksum (`proto/log_format.md`,
 * section 1).
 *
 * @module
 */

import { crc32 } from "node:zlib";
import { isEntry, type LogRecord } from "./log_record.ts";

/**
 * The longest line, bytes with its line feed: an entry has at most 1,000 ids, or 16 KiB of content that JSON
 * may escape six-fold.
 */
export const LINE_BYTES_MAX = 1_048_576;

/** Most bytes that the log adds to the JSON of a record: `batch`, `left`, `prev`, `crc` and the line feed. */
export const LOCAL_BYTES_MAX = 80;

/** `prev` of the very first line of a log. */
export const NO_CRC = "00000000";

/** Beginning of those members; within strings of the record, quotes are escaped. */
const LOCAL_MEMBERS = ',"batch":';

const CLOSING_BRACE = 0x7d;

/** A line that was read and whose checksum fits. */
export interface LogLine {
  readonly record: LogRecord;
  /** As it is in the file, without its line feed. */
  readonly text: string;
  /** Number of the batch, from 1 on. */
  readonly batch: number;
  /** Number of lines of the batch that follow this one. */
  readonly left: number;
  /** Checksum of the line before. */
  readonly prev: string;
  readonly crc: string;
}

/**
 * JSON of a line's record, byte for byte as the file has it: a newer version may have written members and types
 * that are unknown here.
 *
 * @param bytes the line without its line feed
 * @param text the same, decoded
 * @returns a copy
 */
export function recordJson(bytes: Uint8Array, text: string): Uint8Array {
  // The log's own members are ASCII, so their length is the same in bytes.
  const end = bytes.length - (text.length - text.lastIndexOf(LOCAL_MEMBERS));
  const json = bytes.slice(0, end + 1);
  json[end] = CLOSING_BRACE;
  return json;
}

const TAIL =
  /,"batch":([1-9]\d{0,15}),"left":(0|[1-9]\d{0,8}),"prev":"([0-9a-f]{8})","crc":"([0-9a-f]{8})"}$/y;

/** Form of the last member and the bracket behind it, which the checksum leaves out; # is a hexadecimal digit. */
export const CRC_MEMBER = ',"crc":"########"}';

/** The digits of every byte: `toString(16)` of 32 bits takes twice as long as the checksum itself. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** CRC-32 as the log writes it: eight lower-case hexadecimal digits. */
export function crcOf(bytes: Uint8Array): string {
  const crc = crc32(bytes);
  return `${HEX[crc >>> 24]}${HEX[crc >>> 16 & 255]}${HEX[crc >>> 8 & 255]}${HEX[crc & 255]}`;
}

/**
 * Reads a line.
 *
 * @param bytes the line without its line feed
 * @param text the same, decoded
 * @returns the line, or the problem with it
 */
export function decodeLine(bytes: Uint8Array, text: string): LogLine | string {
  const tailAt = text.lastIndexOf(LOCAL_MEMBERS);
  TAIL.lastIndex = Math.max(tailAt, 0);
  const tail = TAIL.exec(text);
  if (tail === null) return "it does not end in batch, left, prev and crc";
  const [, batch = "", left = "", prev = "", crc = ""] = tail;
  // The text of the checksum is compared, not its value: a parser would forgive a flipped bit in it.
  const actual = crcOf(bytes.subarray(0, bytes.length - CRC_MEMBER.length));
  if (crc !== actual) return `its checksum is ${actual}, but it says ${crc}`;
  const record = parseRecord(text.slice(0, tailAt) + "}");
  if (record === undefined) return "its checksum fits, but it is neither an entry nor a mark";
  return { record, text, batch: Number(batch), left: Number(left), prev, crc };
}

function parseRecord(json: string): LogRecord | undefined {
  try {
    const record = JSON.parse(json) as LogRecord;
    return isWellFormed(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function isWellFormed(record: LogRecord): boolean {
  if (typeof record.type !== "string") return false;
  if (!isEntry(record)) return true;
  return typeof record.origin === "string" && Number.isSafeInteger(record.seq) && record.seq > 0 &&
    Number.isSafeInteger(record.stamp);
}
