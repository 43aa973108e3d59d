/**
 * A queue of lines for a reader that may be slow or gone: writing never waits and never fails.
 *
 * @module
 */

/** Takes some of the bytes and resolves to their number; rejects if the reader is gone. */
type WriteBytes = (bytes: Uint8Array) => Promise<number>;

const encoder = new TextEncoder();

/** A queued line. */
interface WaitingLine {
  readonly line: string;
  /** Number of lines it reports: a line about dropped lines stands for all of them. */
  readonly standsFor: number;
}

/** Writes lines in order. A line that does not fit into the queue is dropped, counted and reported. */
export class LineWriter {
  #waiting: WaitingLine[] = [];
  #waitingBytes = 0;
  #droppedLines = 0;
  #writing: Promise<void> | undefined;

  /**
   * @param writeBytes writes to the reader
   * @param waitingBytesMax bound of the queue, over which new lines are dropped
   * @param droppedLine makes the line that reports a number of dropped lines
   */
  constructor(
    readonly writeBytes: WriteBytes,
    readonly waitingBytesMax: number,
    readonly droppedLine: (count: number) => string,
  ) {}

  /** Queues a line, given without a line feed. */
  write(line: string): void {
    if (this.#waitingBytes + bytesOf(line) > this.waitingBytesMax) {
      this.#droppedLines++;
      return;
    }
    this.#tellOfDropped();
    this.#queue({ line, standsFor: 1 });
    this.#writing ??= this.#writeWaiting();
  }

  /** Resolves once the queue is empty; pending while the reader does not read. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #writeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const taken = this.#waiting;
      const bytes = this.#waitingBytes;
      this.#waiting = [];
      const text = taken.map(({ line }) => `${line}\n`).join("");
      if (!await this.#written(encoder.encode(text))) {
        this.#drop([...taken, ...this.#waiting]);
        break;
      }
      this.#waitingBytes -= bytes;
      this.#tellOfDropped();
    }
    this.#writing = undefined;
  }

  async #written(bytes: Uint8Array): Promise<boolean> {
    try {
      for (let from = 0; from < bytes.length;) from += await this.writeBytes(bytes.subarray(from));
      return true;
    } catch {
      // The reader is gone, and diagnostics must not take the node down.
      return false;
    }
  }

  /** Retries only with the next line: the reader may be gone for good. */
  #drop(lines: readonly WaitingLine[]): void {
    for (const { standsFor } of lines) this.#droppedLines += standsFor;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** Queues the report in the place of the dropped lines. */
  #tellOfDropped(): void {
    if (this.#droppedLines === 0) return;
    const count = this.#droppedLines;
    this.#droppedLines = 0;
    this.#queue({ line: this.droppedLine(count), standsFor: count });
  }

  #queue(waiting: WaitingLine): void {
    this.#waiting.push(waiting);
    this.#waitingBytes += bytesOf(waiting.line);
  }
}

/** Length of a line with its line feed. */
function bytesOf(line: string): number {
  return encoder.encode(line).length + 1;
}
