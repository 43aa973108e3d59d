/**
 * One line at the end of a terminal that is drawn again and again, below the lines of diagnostics.
 *
 * @module
 */

/** Carriage return, then "erase in line" (ECMA-48, 8.3.41). */
const ERASE = "\r\x1b[K";

/** Time limit for a terminal to take the line away, ms: a stopped one takes nothing. */
const CLEAR_MS = 500;

/** A line that each drawing replaces. A terminal that is slow or stopped never holds its owner up. */
export class StatusLine {
  readonly #write: (bytes: Uint8Array) => Promise<number>;
  readonly #encoder = new TextEncoder();
  #isDrawn = false;
  #writing: Promise<void> | undefined;

  /** @param write writes to the terminal; resolves to the number of bytes that it took */
  constructor(write: (bytes: Uint8Array) => Promise<number>) {
    this.#write = write;
  }

  /** Draws the line, which must fit into a row. It is left out while the terminal has not taken the last one. */
  draw(text: string): void {
    if (this.#writing !== undefined) return;
    this.#isDrawn = true;
    this.#begin(`${ERASE}${text}`);
  }

  /** The same diagnostic, in the place of the line if there is one; the next drawing is below it. */
  above(diagnostic: string): string {
    if (!this.#isDrawn) return diagnostic;
    this.#isDrawn = false;
    return `${ERASE}${diagnostic}`;
  }

  /** Takes the line away. Resolves once the terminal has taken that, or after half a second; never rejects. */
  async clear(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, CLEAR_MS));
    await Promise.race([this.#clear(), late]);
    clearTimeout(timer);
  }

  async #clear(): Promise<void> {
    await this.#writing;
    if (!this.#isDrawn) return;
    this.#isDrawn = false;
    this.#begin(ERASE);
    await this.#writing;
  }

  #begin(text: string): void {
    this.#writing = this.#writeAll(this.#encoder.encode(text)).finally(() => this.#writing = undefined);
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    try {
      for (let from = 0; from < bytes.length;) from += await this.#write(bytes.subarray(from));
    } catch {
      // The terminal is gone, which ends the node by SIGHUP or not at all.
    }
  }
}
