/**
 * The one writer of a connection.
 *
 * @module
 */

import {
  type BrokenLimit,
  type OutboundLimits,
  OutboundQueue,
  type OutboundTotal,
} from "./outbound_queue.ts";

/** The part of a socket that an outbox uses; a write takes some of the bytes and resolves to their number. */
type WritableSocket = Pick<Deno.Conn, "write">;

/** Who hears what became of the bytes. */
export interface OutboxOwner {
  /** Some of what was waiting was written. */
  progressed(): void;
  /** Everything was written after `finish`. */
  flushed(): void;
  /** The socket takes no more. */
  failed(): void;
  /** The reader broke that limit, with that many bytes waiting: it is to be let go. */
  tooSlow(limit: BrokenLimit, bytes: number): void;
}

/** Queues frames and writes them, many at a time, in order. */
export class Outbox {
  readonly #socket: WritableSocket;
  readonly #owner: OutboxOwner;
  readonly #queue: OutboundQueue;
  readonly #total: OutboundTotal<Outbox>;
  #writing = false;
  #finishing = false;
  #ended = false;

  /** @param total what waits in all outboxes together */
  constructor(
    socket: WritableSocket,
    limits: OutboundLimits,
    total: OutboundTotal<Outbox>,
    owner: OutboxOwner,
  ) {
    this.#socket = socket;
    this.#owner = owner;
    this.#queue = new OutboundQueue(limits);
    this.#total = total;
    total.join(this);
  }

  /** Bytes that wait. */
  get heldBytes(): number {
    return this.#queue.heldBytes;
  }

  /** Queues one whole frame. What is queued in one turn leaves in as few writes as it fits into. */
  send(frame: Uint8Array, unbounded: boolean): void {
    if (this.#finishing || this.#ended) return;
    const fits = this.#queue.push(frame, unbounded);
    this.#total.add(frame.length);
    if (!fits) return this.#letGo("outboundBytesHard");
    const longest = this.#total.tooLong();
    if (longest !== undefined) longest.#letGo("outboundBytesTotal");
    if (this.#writing || this.#ended) return;
    this.#writing = true;
    queueMicrotask(() => void this.#write());
  }

  /** Takes no more frames; the owner hears `flushed` when those that are queued were written. */
  finish(): void {
    if (this.#finishing || this.#ended) return;
    this.#finishing = true;
    if (!this.#writing) this.#owner.flushed();
  }

  /** Lets everything go. A write that is under way is not waited for: it may stay pending for ever. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#total.leave(this);
    this.#queue.clear();
  }

  /** Lets a reader go that is too slow. To be called every second with the monotonic time. */
  sweep(nowMs: number): void {
    const limit = this.#queue.check(nowMs);
    if (limit !== undefined) this.#letGo(limit);
  }

  #letGo(limit: BrokenLimit): void {
    const bytes = this.heldBytes;
    this.end();
    this.#owner.tooSlow(limit, bytes);
  }

  /** Never rejects. */
  async #write(): Promise<void> {
    try {
      for (let bytes = this.#queue.take(); bytes !== undefined; bytes = this.#queue.take()) {
        let count = await this.#socket.write(bytes);
        // A write takes what fits into the kernel's buffer, which may be less than it was given.
        while (count < bytes.length && !this.#ended) {
          this.#queue.progressed();
          count += await this.#socket.write(bytes.subarray(count));
        }
        if (this.#ended) return;
        this.#queue.progressed();
        this.#total.add(-this.#queue.written());
        this.#owner.progressed();
      }
    } catch {
      if (!this.#ended) this.#owner.failed();
      return;
    }
    this.#writing = false;
    if (this.#finishing) this.#owner.flushed();
  }
}
