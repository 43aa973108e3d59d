/**
 * Replies of one session that wait until what they say is on enough disks, and those behind them: replies
 * leave in the order of the requests.
 *
 * @module
 */

import { COPIES_WAIT_MS } from "../core/waiting.ts";
import type { CopiesNeeded, Replication } from "../ports/node.ts";

/** A reply that waits. */
export interface HeldReply {
  /** What it waits for; undefined where it is only behind another. */
  readonly needed: CopiesNeeded | undefined;
  /** When it began to wait; monotonic, ms. */
  readonly sinceMs: number;
  /** @param copies how many peers have it on their disks */
  leave(copies: number): void;
}

/** See the module. */
export class HeldReplies {
  #queue: HeldReply[] = [];

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** Lets a reply leave behind all that wait, at once if nothing keeps it. */
  add(reply: HeldReply, replication: Replication, nowMs: number): void {
    this.#queue.push(reply);
    this.release(replication, nowMs);
  }

  /** Lets leave what need not wait any longer. */
  release(replication: Replication, nowMs: number): void {
    // What leaves may end the connection, and with it the waiting of what is behind.
    for (let first = this.#queue[0]; first; first = this.#queue[0]) {
      const { needed, sinceMs } = first;
      if (needed && nowMs - sinceMs < COPIES_WAIT_MS && replication.isAwaited(needed)) return;
      this.#queue.shift();
      first.leave(needed ? replication.copies(needed) : 0);
    }
  }

  /** Forgets all. */
  clear(): void {
    this.#queue = [];
  }
}
