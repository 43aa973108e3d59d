/**
 * The unacknowledged entries of one direction of a stream, counted from outside.
 *
 * @module
 */

interface Flying {
  readonly number: number;
  readonly count: number;
  readonly bytes: number;
}

/** The window of one direction. */
export class StreamWindow {
  /** Entries and bytes in flight, without the batch that was sent last. */
  entries = 0;
  bytes = 0;
  #flying: Flying[] = [];

  /** Adds a batch. */
  sent(number: number, count: number, bytes: number): void {
    this.#flying.push({ number, count, bytes });
    this.#count();
  }

  /** Removes every batch up to a number: the sender has heard that they are on the peer's disk. */
  acknowledged(number: number): void {
    this.#flying = this.#flying.filter((batch) => batch.number > number);
    this.#count();
  }

  #count(): void {
    this.entries = 0;
    this.bytes = 0;
    for (let i = 0; i < this.#flying.length - 1; i++) {
      this.entries += this.#flying[i]?.count ?? 0;
      this.bytes += this.#flying[i]?.bytes ?? 0;
    }
  }
}
