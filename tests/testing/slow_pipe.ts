/**
 * A slow way between a node and a client: the product's outbox, over a socket that takes bytes on demand.
 *
 * @module
 */

import type { Limits } from "../../common/limits.ts";
import { FrameReader } from "../../common/wire/frame.ts";
import { Outbox } from "../../server/net/outbox.ts";
import { OutboundTotal } from "../../server/net/outbound_queue.ts";
import type { ClientLink } from "../../server/ports/clients.ts";
import type { HarnessClient } from "./harness_client.ts";

/** The frames of one client on their way. */
export class SlowPipe implements Pick<ClientLink, "hasRoom" | "send" | "give" | "owe"> {
  /** Limits by which the client was dropped. */
  readonly dropped: string[] = [];
  /** The most bytes that were queued or owed in memory. */
  mostBytes = 0;
  readonly #outbox: Outbox;
  readonly #reader = new FrameReader(0xffffffff);
  #write: { readonly bytes: Uint8Array; readonly resolve: (count: number) => void } | undefined;

  /** Stands between the node and a client from now on. */
  constructor(readonly client: HarnessClient, limits: Limits) {
    const total = new OutboundTotal<Outbox>(limits.outboundBytesTotal);
    this.#outbox = new Outbox({ write: (bytes) => this.#begin(bytes) }, limits, total, {
      progressed: () => {
        if (this.#outbox.hasRoom) client.session.outlet.relieved();
      },
      flushed: () => {},
      failed: () => {},
      tooSlow: (limit) => void this.dropped.push(limit),
    });
    client.pipe = this;
  }

  get hasRoom(): boolean {
    return this.#outbox.hasRoom;
  }

  /** Bytes of the outbox: what a write has taken, and what waits for the next. */
  get queuedBytes(): number {
    return this.#outbox.queuedBytes;
  }

  send(frame: Uint8Array, unbounded = false): void {
    this.#outbox.send(frame, unbounded);
    this.#measure();
  }

  give(frame: Uint8Array, unbounded: boolean): void {
    this.#outbox.give(frame, unbounded);
    this.#measure();
  }

  owe(bytes: number, memoryBytes: number): void {
    this.#outbox.owe(bytes, memoryBytes);
    this.#measure();
  }

  /** Lets the client read that many bytes of a write that is under way. */
  async read(count: number): Promise<void> {
    await settled();
    const write = this.#write;
    if (write === undefined) return;
    this.#write = undefined;
    const taken = write.bytes.slice(0, count);
    this.#reader.push(taken);
    for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
      this.client.receiveFrame(frame);
    }
    write.resolve(taken.length);
    await settled();
  }

  /** Lets the client read everything that is there. */
  async drain(): Promise<void> {
    await settled();
    while (this.#write !== undefined) await this.read(Infinity);
  }

  /** One second is over for the node. */
  sweep(nowMs: number): void {
    this.#outbox.sweep(nowMs);
  }

  #begin(bytes: Uint8Array): Promise<number> {
    return new Promise((resolve) => this.#write = { bytes: bytes.slice(), resolve });
  }

  #measure(): void {
    this.mostBytes = Math.max(this.mostBytes, this.#outbox.heldBytes);
  }
}

/** Waits until every promise that is due has settled. */
async function settled(): Promise<void> {
  for (let i = 0; i < 8; i++) await Promise.resolve();
}
