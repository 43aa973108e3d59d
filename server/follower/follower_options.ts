/**
 * The parts of an archive's follower.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import type { DurableEnd, SegmentPlace } from "../log/log_follower.ts";
import type { Clock, Logger, Timers } from "../ports/outside.ts";

/** The log that is followed. */
interface FollowedLog {
  /** The end of its durable part. */
  readonly durable: DurableEnd;
  /** True while the disk is full: the archive writes nothing then. */
  readonly readOnly: boolean;
  /** The beginning of the segment before a position. */
  segmentBefore(position: number): SegmentPlace;
}

/** Parts of a follower. */
export interface FollowerOptions {
  /** The data folder. */
  readonly data: string;
  readonly log: FollowedLog;
  /** Number of entries that the archive had when memory was loaded from it; 0 if it was not. */
  readonly loaded: number;
  /** Damage that was met while memory was to be loaded from it: it is made anew. */
  readonly damage?: string | undefined;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** False if a worker cannot be started now: without a descriptor, the runtime would end the process. */
  readonly mayStart: () => boolean;
  /** The archive answers with so many entries of the log from now on, to every query that is not answered yet. */
  readonly onReached?: (position: number) => void;
  /** The archive has so many messages that are not deleted, in so many entries of the log. */
  readonly onCounted?: (messages: number, position: number) => void;
  /** Make the workers; the real ones unless given. */
  readonly makeWriter?: () => Worker;
  readonly makeReader?: () => Worker;
  readonly makeChecker?: () => Worker;
  /** Removes the files of the archive; the real ones unless given. */
  readonly removeFiles?: (data: string, done: () => void) => void;
}
