/**
 * A socket in memory.
 *
 * @module
 */

import { concatenated } from "../../testing/concatenated.ts";

/** Reads the chunks it is fed; keeps every write. */
export class FakeSocket {
  readonly writes: Uint8Array[] = [];
  readonly #chunks: Uint8Array[] = [];
  #wake = (): void => {};

  /** Makes bytes arrive, in one read. */
  feed(...frames: readonly Uint8Array[]): void {
    this.#chunks.push(concatenated(frames));
    this.#wake();
  }

  /** All bytes written so far. */
  get written(): Uint8Array {
    return concatenated(this.writes);
  }

  async read(buffer: Uint8Array): Promise<number> {
    while (this.#chunks.length === 0) await new Promise<void>((resolve) => this.#wake = resolve);
    const chunk = this.#chunks.shift() ?? new Uint8Array();
    buffer.set(chunk);
    return chunk.length;
  }

  write(bytes: Uint8Array): Promise<number> {
    this.writes.push(bytes.slice());
    return Promise.resolve(bytes.length);
  }

  close(): void {}
}

/** Resolves once all promises that need nothing from outside have settled. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 100; i++) await Promise.resolve();
}
