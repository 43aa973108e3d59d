/**
 * The posts that tell the archive's writer what is durable, and how much of a processor it may take: the node comes
 * first, and the archive may lag.
 *
 * @module
 */

import type { DurableEnd } from "../log/log_follower.ts";
import type { Timers } from "../ports/outside.ts";

/** Time between two looks at what is durable, ms. Fewer and larger transactions are less work for each entry. */
export const LOOK_MS = 250;

/** Entries between two looks from which on it is a burst. Fewer cost the writer a tenth of a processor. */
const BURST_ENTRIES = 1_000;

/** Looks without a burst, or without an entry, after which it is calm: a burst with pauses is one burst. */
const CALM_LOOKS = 20;

/** The writer's share of a processor: none in a burst, a part while anybody writes, all of it while nobody does. */
export type Pace = "none" | "part" | "all";

/** A post. */
export interface DurablePost {
  readonly durable: DurableEnd;
  readonly pace: Pace;
  /** True if somebody waits for what is durable now: it is folded at once. */
  readonly isAwaited: boolean;
}

/** Parts and callbacks of the posts. */
interface PostsOptions {
  readonly timers: Timers;
  /** The end of the durable part of the log. */
  durable(): DurableEnd;
  /** Tells the writer. */
  post(post: DurablePost): void;
}

/** The posts to the writer. */
export class DurablePosts {
  /** Number of durable entries that the writer has heard of; `undefined` while there is no writer. */
  #told: number | undefined;
  /** Number of durable entries at the last look. */
  #seen = 0;
  /** Looks since the last burst, and since the last entry. */
  #sinceBurst = CALM_LOOKS;
  #sinceEntry = CALM_LOOKS;
  #callOff: (() => void) | undefined;
  readonly #options: PostsOptions;

  constructor(options: PostsOptions) {
    this.#options = options;
  }

  /** A writer follows the log, and has heard of so many entries. */
  begin(position: number): void {
    this.#told = position;
    this.#seen = position;
    this.#sinceBurst = CALM_LOOKS;
    this.#sinceEntry = CALM_LOOKS;
  }

  /** The writer is gone. */
  end(): void {
    this.#told = undefined;
    this.#callOff?.();
    this.#callOff = undefined;
  }

  /** More may be durable. Costs a timer at most, and a post at the beginning of a burst. */
  advanced(): void {
    if (this.#told === undefined) return;
    this.#callOff ??= this.#options.timers.after(LOOK_MS, () => this.#look());
    if (this.#pace === "none" || this.#grown() < BURST_ENTRIES) return;
    this.#sinceBurst = 0;
    this.#post(false);
  }

  /** Somebody waits for what is durable now. */
  await(): void {
    if (this.#told !== undefined) this.#post(true);
  }

  /** The end of the log has another segment, perhaps without an entry in it. */
  renew(): void {
    if (this.#told !== undefined) this.#post(false);
  }

  #look(): void {
    this.#callOff = undefined;
    const [grown, before] = [this.#grown(), this.#pace];
    this.#sinceBurst = grown >= BURST_ENTRIES ? 0 : this.#sinceBurst + 1;
    this.#sinceEntry = grown > 0 ? 0 : this.#sinceEntry + 1;
    this.#seen += grown;
    if (this.#pace !== before || this.#seen !== this.#told) this.#post(false);
    if (this.#pace !== "all") this.advanced();
  }

  get #pace(): Pace {
    if (this.#sinceBurst < CALM_LOOKS) return "none";
    return this.#sinceEntry < CALM_LOOKS ? "part" : "all";
  }

  /** Number of entries since the last look. */
  #grown(): number {
    return this.#options.durable().position - this.#seen;
  }

  #post(isAwaited: boolean): void {
    const durable = this.#options.durable();
    this.#told = durable.position;
    this.#options.post({ durable, pace: this.#pace, isAwaited });
  }
}
