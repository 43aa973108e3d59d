/**
 * Faults between a server and its disk.
 *
 * @module
 */

import { crcOf } from "../../../server/log/log_line.ts";
import type { FileStore, SequentialReader } from "../../../server/ports/files.ts";
import type { PlantedFault } from "../planted_faults.ts";
import { forwarding } from "./forwarding.ts";

const BEFORE_CRC = ',"prev":"00000000","crc":"'.length;
const AFTER_PREV = '","crc":"00000000"}'.length;

/** Faults in syncs, writes and reads. */
export const DISK_FAULTS: readonly PlantedFault[] = [
  {
    name: "the log is told of a sync before it has returned",
    mutation: {
      files: (files) =>
        forwarding(files, {
          sync: (path, done) => {
            files.sync(path, () => {});
            done();
          },
        }),
    },
  },
  {
    name: "a sync does nothing",
    mutation: {
      files: (files, process) => forwarding(files, { sync: (_path, done) => process.later(1, () => done()) }),
    },
  },
  {
    name: "a sync calls back twice",
    mutation: {
      files: (files) =>
        forwarding(files, {
          sync: (path, done) =>
            files.sync(path, (error) => {
              done(error);
              done(error);
            }),
        }),
    },
  },
  {
    name: "the error of a sync is swallowed",
    mutation: {
      files: (files) => forwarding(files, { sync: (path, done) => files.sync(path, () => done()) }),
    },
  },
  {
    name: "a sync that has failed is tried again",
    mutation: {
      files: (files) =>
        forwarding(files, {
          sync: (path, done) =>
            files.sync(path, (error) => error === undefined ? done() : files.sync(path, done)),
        }),
    },
  },
  {
    name: "names are never synced while a server runs",
    mutation: {
      files: (files, process) =>
        forwarding(files, { syncFolder: (_folder, done) => process.later(1, () => done()) }),
    },
  },
  {
    name: "a start does not sync what it has written anew",
    mutation: { files: (files) => forwarding(files, { syncNow: () => {} }) },
  },
  {
    name: "a start does not sync the name of what it has written anew",
    mutation: { files: (files) => forwarding(files, { syncFolderNow: () => {} }) },
  },
  {
    name: "a short write is taken for a whole one",
    mutation: {
      files: (files) =>
        forwarding(files, {
          append: (path, bytes) => {
            files.append(path, bytes);
            return bytes.length;
          },
        }),
    },
  },
  {
    name: "checksums are not looked at",
    mutation: {
      files: (files) => forwarding(files, { reader: (path, offset) => mendingReader(files, path, offset) }),
    },
  },
  {
    name: "an error of the disk ends nothing",
    mutation: { onFault: () => () => {} },
  },
];

/** Reads a file as if all of its checksums were right. */
function mendingReader(files: FileStore, path: string, offset = 0): SequentialReader {
  let bytes: Uint8Array | undefined;
  let at = 0;
  const read = (into: Uint8Array): number => {
    bytes ??= mended(wholeFile(files, path)).subarray(offset);
    const part = bytes.subarray(at, at + into.length);
    into.set(part);
    at += part.length;
    return part.length;
  };
  return { read, readLater: (into, done) => done(read(into)), close: () => {} };
}

function wholeFile(files: FileStore, path: string): Uint8Array {
  const bytes = new Uint8Array(files.size(path) ?? 0);
  files.read(path, 0, bytes);
  return bytes;
}

/** Gives every line the checksum of its present content, and that of the line before. */
function mended(bytes: Uint8Array): Uint8Array {
  const encoder = new TextEncoder();
  let start = 0;
  let prev: string | undefined;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    const line = bytes.subarray(start, end);
    start = end + 1;
    if (line.length <= BEFORE_CRC + AFTER_PREV) continue;
    if (prev !== undefined) line.set(encoder.encode(prev), line.length - AFTER_PREV - 8);
    prev = crcOf(line.subarray(0, line.length - ',"crc":"00000000"}'.length));
    line.set(encoder.encode(prev), line.length - '00000000"}'.length);
  }
  return bytes;
}
