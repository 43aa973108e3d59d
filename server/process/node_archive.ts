/**
 * The archive of a running node, and the messages that leave memory as it comes up with the log.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import type { State } from "../core/state.ts";
import { ArchiveFollower } from "../follower/archive_follower.ts";
import type { OpenLog } from "../log/open_log.ts";
import { ResidentMessages } from "../node/resident_messages.ts";
import type { Logger } from "../ports/outside.ts";
import { systemClock, systemTimers } from "./system_ports.ts";

/** Parts of the archive of a node. */
interface ArchiveParts extends Pick<OpenLog, "log" | "history"> {
  /** The data folder. */
  readonly data: string;
  /** The fold of the log. */
  readonly state: State;
  readonly limits: Limits;
  readonly logger: Logger;
  /** False if a worker cannot be started now. */
  readonly mayStart: () => boolean;
  /** Number of entries that the archive had when memory was loaded from it; 0 if it was not. */
  readonly loaded: number;
  /** Damage that was met while memory was to be loaded from it. */
  readonly damage?: string | undefined;
}

/** An archive that follows a log, from its first tick on. */
export class NodeArchive {
  readonly follower: ArchiveFollower;
  readonly residents: ResidentMessages;

  constructor({ log, history, state, ...parts }: ArchiveParts) {
    this.follower = new ArchiveFollower({
      clock: systemClock,
      timers: systemTimers,
      ...parts,
      onReached: (position) => this.residents.reached(position),
      onCounted: (messages, position) => {
        if (position === state.position) state.storedMessages = messages;
      },
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
    this.residents = new ResidentMessages({ state, archive: this.follower, timers: systemTimers });
  }

  /** A pass of the log is over. @param position as `onCompacted` of the log tells it */
  compacted(position: number): void {
    this.follower.compact(position);
    this.residents.erased(position);
  }

  /** Lets the writer end its transaction, and ends both workers. */
  stop(): Promise<void> {
    this.residents.stop();
    return this.follower.stop();
  }
}
