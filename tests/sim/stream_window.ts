/**
 * What is on its way over one direction of a stream and not acknowledged, as an onlooker counts it.
 *
 * @module
 */

interface Flying {
  readonly number: number;
  readonly count: number;
  readonly bytes: number;
}

/** See the module. */
export class StreamWindow {
  /** Entries and bytes in flight, without the batch that was sent last. */
  entries = 0;
  bytes = 0;
  #flying: Flying[] = [];

  /** A batch is sent. */
  sent(number: number, count: number, bytes: number): void {
    this.#flying.push({ number, count, bytes });
    this.#count();
  }

  /** The sender hears that everything up to a batch is on the other disk. */
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
