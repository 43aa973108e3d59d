/**
 * Prints many lines while the log is being read.
 *
 * @module
 */

/** Bytes that are collected for one write. */
const CHUNK_BYTES = 65_536;

/** The reader is gone, as behind `| head`. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

/** Standard output, written to without waiting. */
interface SyncByteSink {
  /** Takes some of the bytes; returns their number. */
  writeSync(bytes: Uint8Array): number;
}

/** Prints lines in large writes. */
export class LinePrinter {
  #waiting = "";
  readonly #sink: SyncByteSink;
  readonly #encoder = new TextEncoder();

  constructor(sink: SyncByteSink) {
    this.#sink = sink;
  }

  /**
   * Prints a line, now or together with later ones.
   *
   * @throws {ReaderGone} if the reader is gone
   */
  print(line: string): void {
    this.#waiting += `${line}\n`;
    if (this.#waiting.length >= CHUNK_BYTES) this.flush();
  }

  /**
   * Writes the collected lines.
   *
   * @throws {ReaderGone} if the reader is gone
   */
  flush(): void {
    const bytes = this.#encoder.encode(this.#waiting);
    this.#waiting = "";
    try {
      for (let from = 0; from < bytes.length;) from += this.#sink.writeSync(bytes.subarray(from));
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) throw new ReaderGone();
      throw error;
    }
  }
}
