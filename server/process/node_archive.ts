/**
 * The archive of a running node.
 *
 * @module
 */

import { ArchiveFollower } from "../follower/archive_follower.ts";
import type { OpenLog } from "../log/open_log.ts";
import type { Logger } from "../ports/outside.ts";
import { systemClock, systemTimers } from "./system_ports.ts";

/** Parts of the archive of a node. */
interface ArchiveParts extends Pick<OpenLog, "log" | "history"> {
  /** The data folder. */
  readonly data: string;
  readonly logger: Logger;
  /** False if a worker cannot be started now. */
  readonly mayStart: () => boolean;
}

/** An archive that follows a log, from its first tick on. */
export function archiveOf({ log, history, ...parts }: ArchiveParts): ArchiveFollower {
  return new ArchiveFollower({
    clock: systemClock,
    timers: systemTimers,
    ...parts,
    log: {
      get durable() {
        return { segment: log.segment, bytes: log.bytes, position: history.end.position };
      },
      get readOnly() {
        return log.readOnly;
      },
      segmentBefore: (position) => history.segmentBefore(position),
    },
  });
}
