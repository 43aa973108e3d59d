/**
 * Delays between an entry's sync here and its acknowledgement by a peer, and the verdict on a peer that is slow.
 *
 * @module
 */

import {
  DELAY_AGE_MAX_MS,
  DELAY_WINDOW_MS,
  DELAYS_MIN,
  DELAYS_SPAN_MS,
  SAMPLE_MS,
  SLOW_FACTOR,
  SLOW_MS,
  STEADY_FACTOR,
  STEADY_MS,
  STEADY_WAIT_MS,
} from "./replication_limits.ts";

/** A measured delay and the time of its acknowledgement, ms. */
interface Sample {
  readonly atMs: number;
  readonly delayMs: number;
}

/** The delays of one peer. One entry is timed at once, and twenty a second at most: its memory is bounded. */
export class AckDelays {
  /** The entry that is timed. */
  #timed: { readonly seq: number; readonly sinceMs: number } | undefined;
  /** The last own entry that is on the disk here. */
  #writtenSeq = 0;
  #samples: Sample[] = [];
  #isSlow = false;
  /** Since when a slow peer has been steady, ms. */
  #steadySinceMs: number | undefined;

  /** True while replies must not wait for it, if any other peer is in sync. */
  get isSlow(): boolean {
    return this.#isSlow;
  }

  /**
   * Own entries up to a number are on the disk here, and go to the peer. Called after every sync: one that wrote
   * only entries of other nodes is not timed, because the peer may have these, and acknowledges nothing.
   */
  written(seq: number, nowMs: number): void {
    if (seq <= this.#writtenSeq) return;
    this.#writtenSeq = seq;
    const latestMs = this.#samples.at(-1)?.atMs ?? -Infinity;
    if (this.#timed !== undefined || nowMs - latestMs < SAMPLE_MS) return;
    this.#timed = { seq, sinceMs: nowMs };
  }

  /** Own entries up to a number are on the disk of the peer. */
  acknowledged(seq: number, nowMs: number): void {
    if (this.#timed === undefined || seq < this.#timed.seq) return;
    this.#samples.push({ atMs: nowMs, delayMs: nowMs - this.#timed.sinceMs });
    this.#timed = undefined;
  }

  /** Forgets all: the peer has gone. */
  clear(): void {
    this.#timed = undefined;
    this.#samples = [];
    this.#isSlow = false;
    this.#steadySinceMs = undefined;
  }

  /** Median of the last delays, ms; undefined if these say too little for a verdict. */
  medianMs(nowMs: number): number | undefined {
    const latestMs = this.latestMs(nowMs);
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined || this.#samples.length < DELAYS_MIN) return undefined;
    return last.atMs - first.atMs < DELAYS_SPAN_MS ? undefined : latestMs;
  }

  /** Median of the last delays, ms, however little they say. */
  latestMs(nowMs: number): number | undefined {
    const firstKept = this.#samples.length - DELAYS_MIN;
    this.#samples = this.#samples.filter(({ atMs }, i) =>
      nowMs - atMs < (i < firstKept ? DELAY_WINDOW_MS : DELAY_AGE_MAX_MS)
    );
    return median(this.#samples.map(({ delayMs }) => delayMs));
  }

  /**
   * Compares the peer with the others.
   *
   * @param othersMs medians of the other peers in sync; without any of them nobody becomes slow
   * @returns true if the verdict is another one now
   */
  judge(othersMs: readonly number[], nowMs: number): boolean {
    const theirsMs = median(othersMs);
    const wasSlow = this.#isSlow;
    this.#isSlow = wasSlow ? !this.#hasRecovered(theirsMs ?? 0, nowMs) : this.#lags(theirsMs, nowMs);
    return this.#isSlow !== wasSlow;
  }

  #lags(theirsMs: number | undefined, nowMs: number): boolean {
    const ownMs = this.medianMs(nowMs);
    if (ownMs === undefined || theirsMs === undefined) return false;
    return ownMs > SLOW_MS && ownMs > SLOW_FACTOR * theirsMs;
  }

  /** A peer to which nothing is written for a minute comes back: it could not show that it is fast. */
  #hasRecovered(theirsMs: number, nowMs: number): boolean {
    const ownMs = this.latestMs(nowMs);
    if (ownMs === undefined) return true;
    if (ownMs >= Math.max(STEADY_MS, STEADY_FACTOR * theirsMs)) this.#steadySinceMs = undefined;
    else this.#steadySinceMs ??= nowMs;
    const hasRecovered = this.#steadySinceMs !== undefined && nowMs - this.#steadySinceMs >= STEADY_WAIT_MS;
    if (hasRecovered) this.#steadySinceMs = undefined;
    return hasRecovered;
  }
}

/** The median, of an even number the smaller one in the middle. */
function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}
