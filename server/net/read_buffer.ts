/**
 * The read buffer of a connection.
 *
 * @module
 */

/** Initial size; every connection has a buffer of its own. */
const BYTES_MIN = 1_024;

/** Limit to which the buffer grows while the other end fills it. */
const BYTES_MAX = 64 * 1_024;

/** A buffer that follows the rate of its connection. */
export class ReadBuffer {
  readonly #small = new Uint8Array(BYTES_MIN);
  /** Room for the next read. */
  bytes = this.#small;

  /** Takes the result of a read into `bytes`: a full buffer grows, any other shrinks again. */
  filled(count: number): void {
    if (count < this.bytes.length) this.bytes = this.#small;
    else if (this.bytes.length < BYTES_MAX) this.bytes = new Uint8Array(this.bytes.length * 4);
  }
}
