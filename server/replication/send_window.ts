/**
 * The window of a stream: what was sent and is not acknowledged.
 *
 * @module
 */

import type { Place } from "../core/entry.ts";
import { WINDOW_BYTES, WINDOW_ENTRIES } from "./replication_limits.ts";

/** Size of a message of entries. */
interface Size {
  readonly count: number;
  readonly bytes: number;
}

/** A message of entries in flight. */
interface Sent extends Size {
  readonly number: number;
  /** The last entry of each origin. */
  readonly last: readonly Place[];
}

/** Messages of entries in flight, oldest first. */
export class SendWindow {
  readonly #messages: Sent[] = [];
  #entries = 0;
  #bytes = 0;

  /** True if a message may be sent. A single entry may be longer than the window: it goes alone. */
  hasRoom({ count, bytes }: Size): boolean {
    return this.#messages.length === 0 ||
      this.#entries + count <= WINDOW_ENTRIES && this.#bytes + bytes <= WINDOW_BYTES;
  }

  /** A message was sent. */
  sent(number: number, { count, bytes, last }: Omit<Sent, "number">): void {
    this.#messages.push({ number, count, bytes, last });
    this.#entries += count;
    this.#bytes += bytes;
  }

  /** All messages up to a number are acknowledged. Returns the last entries of these. */
  acknowledged(number: number): Place[] {
    const last: Place[] = [];
    for (let first = this.#messages[0]; first && first.number <= number; first = this.#messages[0]) {
      this.#entries -= first.count;
      this.#bytes -= first.bytes;
      last.push(...first.last);
      this.#messages.shift();
    }
    return last;
  }
}
