/**
 * The only writer of a connection's socket.
 *
 * @module
 */

import {
  type BrokenLimit,
  type OutboundLimits,
  OutboundQueue,
  type OutboundTotal,
} from "./outbound_queue.ts";

/** The writing half of a socket. A write takes some of the bytes and resolves to their number. */
type WritableSocket = Pick<Deno.Conn, "write">;

/** Receives the progress of an outbox. */
export interface OutboxOwner {
  /** A whole write is done. */
  progressed(): void;
  /** Every queued byte is written, after `finish`. */
  flushed(): void;
  /** A write has failed. */
  failed(): void;
  /** The reader has broken a limit, with that many bytes waiting for it, and must be dropped. */
  tooSlow(limit: BrokenLimit, bytes: number): void;
}

/** Share of the soft bound up to which output is encoded. The rest is for a page, so that requests are taken still. */
const ROOM_SHARE = 1 / 4;

/** Queues frames and writes them, many at a time, in order. */
export class Outbox {
  readonly #socket: WritableSocket;
  readonly #owner: OutboxOwner;
  readonly #queue: OutboundQueue;
  readonly #total: OutboundTotal<Outbox>;
  readonly #roomBytes: number;
  /** Memory of the output that the session owes, bytes. */
  #owedMemory = 0;
  #writing = false;
  #finishing = false;
  #ended = false;

  /** @param total sum of the bytes queued in all outboxes */
  constructor(
    socket: WritableSocket,
    limits: OutboundLimits,
    total: OutboundTotal<Outbox>,
    owner: OutboxOwner,
  ) {
    this.#socket = socket;
    this.#owner = owner;
    this.#queue = new OutboundQueue(limits);
    this.#roomBytes = limits.outboundBytesSoft * ROOM_SHARE;
    this.#total = total;
    total.join(this);
  }

  /** Bytes queued or being written. */
  get queuedBytes(): number {
    return this.#queue.heldBytes;
  }

  /** Memory of all that waits for the reader, bytes. */
  get heldBytes(): number {
    return this.#queue.heldBytes + this.#owedMemory;
  }

  /** True if the session may send. */
  get hasRoom(): boolean {
    return !this.#ended && this.#queue.heldBytes <= this.#roomBytes;
  }

  /** Queues one whole frame. Frames queued in one task of the event loop leave in one write. */
  send(frame: Uint8Array, unbounded: boolean): void {
    if (this.#finishing || this.#ended) return;
    this.#queue.push(frame, unbounded);
    this.#queued(frame.length);
  }

  /** The same with a frame, or a part of one, that nobody changes any more. */
  give(frame: Uint8Array, unbounded: boolean): void {
    if (this.#finishing || this.#ended) return;
    this.#queue.adopt(frame, unbounded);
    this.#queued(frame.length);
  }

  #queued(bytes: number): void {
    this.#grow(bytes);
    if (this.#writing || this.#ended) return;
    this.#writing = true;
    queueMicrotask(() => void this.#write());
  }

  /** Takes over the length and the memory of the output that the session owes. */
  owe(bytes: number, memoryBytes: number): void {
    if (this.#ended) return;
    const more = memoryBytes - this.#owedMemory;
    this.#queue.owedBytes = bytes;
    this.#owedMemory = memoryBytes;
    this.#grow(more);
  }

  #grow(bytes: number): void {
    this.#total.add(bytes);
    const longest = this.#total.tooLong();
    if (longest !== undefined) longest.#letGo("outboundBytesTotal");
  }

  /** Accepts no further frame, and calls `flushed` of the owner once the queued ones are written. */
  finish(): void {
    if (this.#finishing || this.#ended) return;
    this.#finishing = true;
    if (!this.#writing) this.#owner.flushed();
  }

  /** Discards the queue. A write under way is not awaited: it may stay pending for ever. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#total.leave(this);
    this.#owedMemory = 0;
    this.#queue.clear();
  }

  /** Drops a reader that is too slow. To be called every second with the monotonic time. */
  sweep(nowMs: number): void {
    const limit = this.#queue.check(nowMs);
    if (limit !== undefined) this.#letGo(limit);
  }

  #letGo(limit: BrokenLimit): void {
    const bytes = this.#queue.heldBytes + this.#queue.owedBytes;
    this.end();
    this.#owner.tooSlow(limit, bytes);
  }

  /** Never rejects. */
  async #write(): Promise<void> {
    try {
      for (let bytes = this.#queue.take(); bytes !== undefined; bytes = this.#queue.take()) {
        let count = await this.#socket.write(bytes);
        this.#queue.progressed(count);
        // A write takes only as many bytes as fit into the kernel's buffer.
        while (count < bytes.length && !this.#ended) {
          const more = await this.#socket.write(bytes.subarray(count));
          this.#queue.progressed(more);
          count += more;
        }
        if (this.#ended) return;
        this.#total.written(this.#queue.written());
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
