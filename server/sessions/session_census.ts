/**
 * The open sessions of one node, and counts of their requests.
 *
 * @module
 */

import type { Dialect } from "../../common/protocol/codec.ts";
import { RequestCounts } from "./request_counts.ts";

/** A session, as the census sees it. */
export interface Counted {
  readonly dialect: Dialect;
  /** Number of frames before the present one; -1 before the first. */
  readonly framesBefore: number;
}

/** The dialect that a connection has chosen with its first frame. */
type SpokenDialect = Dialect | "none";

/** Numbers sessions and counts them. */
export class SessionCensus {
  readonly requests = new RequestCounts();
  readonly #open = new Set<Counted>();
  #last = 0;

  /** Adds a session; returns its number, from 1 on since the start of the node. */
  enter(session: Counted): number {
    this.#open.add(session);
    return ++this.#last;
  }

  /** Removes a session whose connection has ended. */
  leave(session: Counted): void {
    this.#open.delete(session);
  }

  /** Number of open sessions by dialect; `none` before the first frame. */
  byDialect(): Readonly<Record<SpokenDialect, number>> {
    const counts = { none: 0, original: 0, confirmed: 0 };
    for (const { dialect, framesBefore } of this.#open) counts[framesBefore < 0 ? "none" : dialect]++;
    return counts;
  }
}
