/**
 * A line that is typed unseen.
 *
 * @module
 */

/** Longest line, bytes: more than any password, as a paste may bring. */
const LINE_BYTES_MAX = 4_096;

const ENTER: ReadonlySet<number> = new Set([0x0a, 0x0d]);
const BACKSPACE: ReadonlySet<number> = new Set([0x08, 0x7f]);
/** Ctrl-C. */
const INTERRUPT = 0x03;
/** Ctrl-D. */
const END = 0x04;
/** Ctrl-U. */
const DELETE_ALL = 0x15;

/** Takes the bytes of a terminal in raw mode until the line is whole. Pure. */
export class HiddenLine {
  #bytes: number[] = [];

  /**
   * Takes bytes as they come. What follows the end of the line is dropped.
   *
   * @returns the line once it is whole, `null` if the person gives up, `undefined` while more is to come
   */
  take(bytes: Uint8Array): string | null | undefined {
    for (const byte of bytes) {
      if (ENTER.has(byte)) return new TextDecoder().decode(Uint8Array.from(this.#bytes));
      if (byte === INTERRUPT || byte === END) return null;
      if (byte === DELETE_ALL) this.#bytes = [];
      else if (BACKSPACE.has(byte)) this.#removeLast();
      else if (this.#bytes.length < LINE_BYTES_MAX) this.#bytes.push(byte);
    }
    return undefined;
  }

  /** Removes a character: its continuation bytes, then its first one (RFC 3629). */
  #removeLast(): void {
    for (let last = this.#bytes.pop(); last !== undefined && (last & 0xc0) === 0x80;) {
      last = this.#bytes.pop();
    }
  }
}
