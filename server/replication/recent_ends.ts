/**
 * Where the log ended some time ago.
 *
 * @module
 */

import type { LogPlace } from "../ports/history.ts";
import { RELAYED_LAG_MS } from "./replication_limits.ts";

interface End extends LogPlace {
  readonly timeMs: number;
}

/** The ends of the log in the last seconds. */
export class RecentEnds {
  #ends: End[];

  /** @param end of the log at the start, which counts as old */
  constructor(end: LogPlace) {
    this.#ends = [endAt(-Infinity, end)];
  }

  /** Remembers where the log ends now. */
  record(nowMs: number, end: LogPlace): void {
    if (this.#ends.at(-1)?.position === end.position) return;
    this.#ends.push(endAt(nowMs, end));
    const kept = this.#ends.findLastIndex(({ timeMs }) => timeMs <= nowMs - RELAYED_LAG_MS);
    if (kept > 0) this.#ends = this.#ends.slice(kept);
  }

  /** End of the log at a time, as far as was recorded. */
  at(timeMs: number): LogPlace {
    const end = this.#ends.findLast((each) => each.timeMs <= timeMs);
    return end ?? { position: 0, version: new Map() };
  }
}

function endAt(timeMs: number, { position, version }: LogPlace): End {
  return { timeMs, position, version: new Map(version) };
}
