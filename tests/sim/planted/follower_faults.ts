/**
 * Faults between a node, its archive and the threads beside it: answers that are older than they seem, and damage that
 * nobody hears of.
 *
 * @module
 */

import { VERIFY_FILE } from "../../../server/log/verify_mark.ts";
import { isEntry } from "../../../server/log/log_record.ts";
import { showLog } from "../../../server/log/verify_log.ts";
import { advance, type Reached } from "../../../server/core/version.ts";
import type { DurableEnd } from "../../../server/log/log_follower.ts";
import type { FileStore } from "../../../server/ports/files.ts";
import type { LogPlace } from "../../../server/ports/history.ts";
import type { PlantedFault } from "../planted_faults.ts";
import type { ServerProcess } from "../server_process.ts";
import { forwarding } from "./forwarding.ts";

/** Entries of a log that an archive is told of, and the ends that are not moved beyond them, by process. */
const FIRST_ENTRIES = 20;
const FIRST_ENDS = new WeakMap<ServerProcess, DurableEnd>();

/** The place of a log behind so many entries, or at its end. */
function placeBehind(files: FileStore, entries: number): LogPlace {
  const version = new Map<string, Reached>();
  let position = 0;
  showLog(files, ({ record }) => {
    if (!isEntry(record) || position === entries) return;
    advance(version, record);
    position++;
  });
  return { position, version };
}

/** Faults in what a node believes of its archive, and of the part of its log that a start has not read. */
export const FOLLOWER_FAULTS: readonly PlantedFault[] = [
  {
    name: "the rest of the log is served without having been verified",
    mutation: {
      verifyReport: (report) => report.type === "damaged" ? { type: "verified" } : report,
    },
  },
  {
    name: "the start after damage was found in the rest of the log does not verify it first",
    mutation: {
      files: (files) =>
        forwarding(files, { size: (path) => path === VERIFY_FILE ? undefined : files.size(path) }),
    },
  },
  {
    name: "a query gets the answer of the one before",
    mutation: {
      archive: (archive) => {
        let before: Parameters<Parameters<typeof archive.ask>[1]>[0] | undefined;
        return forwarding(archive, {
          ask: (query, done) =>
            archive.ask(query, (outcome) => {
              if ("ids" in outcome || "problem" in outcome) return done(outcome);
              const last = before ?? outcome;
              before = outcome;
              done(last);
            }),
        });
      },
    },
  },
  {
    name: "a writer goes on with the archive of another log",
    mutation: {
      writtenArchive: (archive, { machine: { disk: { files } } }) => {
        const opened = archive.place.position;
        const inLog = placeBehind(files, opened);
        return forwarding(archive, {
          get place() {
            const { place } = archive;
            return place.position === opened && inLog.position === opened ? inLog : place;
          },
        });
      },
    },
  },
  {
    name: "an archive is told of nothing behind its first entries",
    mutation: {
      durable: (end, process) => {
        const known = FIRST_ENDS.get(process);
        if (known === undefined && end.position >= FIRST_ENTRIES) FIRST_ENDS.set(process, end);
        return known ?? end;
      },
    },
  },
];
