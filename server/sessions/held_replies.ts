/**
 * Replies of one session that wait for copies on other disks, and the replies behind them: replies leave in the
 * order of the requests.
 *
 * @module
 */

import { COPIES_WAIT_MS } from "../core/waiting.ts";
import type { CopiesNeeded, Replication } from "../ports/node.ts";

/** A held reply. */
interface HeldReply {
  /** Copies that it waits for; `undefined` if it is only behind another reply. */
  readonly needed: CopiesNeeded | undefined;
  /** Monotonic time at which it began to wait, ms. */
  readonly sinceMs: number;
  /** @param copies number of peers that have it on their disks */
  leave(copies: number): void;
}

/** A queue of held replies. */
export class HeldReplies {
  #queue: HeldReply[] = [];

  /** True while no reply is held. */
  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** Adds a reply at the end; it leaves at once if nothing keeps it. */
  add(reply: HeldReply, replication: Replication, nowMs: number): void {
    this.#queue.push(reply);
    this.release(replication, nowMs);
  }

  /** Lets the replies leave that need not wait any longer. */
  release(replication: Replication, nowMs: number): void {
    // A reply that leaves may end the connection, which clears the queue.
    for (let first = this.#queue[0]; first; first = this.#queue[0]) {
      const { needed, sinceMs } = first;
      if (needed && nowMs - sinceMs < COPIES_WAIT_MS && replication.isAwaited(needed)) return;
      this.#queue.shift();
      first.leave(needed ? replication.copies(needed) : 0);
    }
  }

  /** Drops all replies. */
  clear(): void {
    this.#queue = [];
  }
}
