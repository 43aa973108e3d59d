/**
 * Lines on their way to somebody who may not read them: whoever writes never waits and never fails.
 *
 * @module
 */

/** Takes some of the bytes, and says how many; rejects where the other end is gone. */
type WriteBytes = (bytes: Uint8Array) => Promise<number>;

const encoder = new TextEncoder();

/** A line that waits. */
interface WaitingLine {
  readonly line: string;
  /** Of how many lines it says something: a line that tells of dropped ones stands for all of them. */
  readonly standsFor: number;
}

/** Writes lines in their order. What does not fit into the queue is dropped, counted and told of. */
export class LineWriter {
  #waiting: WaitingLine[] = [];
  #waitingBytes = 0;
  #droppedLines = 0;
  #writing: Promise<void> | undefined;

  /**
   * @param writeBytes where the lines go
   * @param waitingBytesMax over so many bytes that wait, new lines are dropped
   * @param droppedLine the line that says how many were
   */
  constructor(
    readonly writeBytes: WriteBytes,
    readonly waitingBytesMax: number,
    readonly droppedLine: (count: number) => string,
  ) {}

  /** Queues a line, which has no line end. */
  write(line: string): void {
    if (this.#waitingBytes + bytesOf(line) > this.waitingBytesMax) {
      this.#droppedLines++;
      return;
    }
    this.#tellOfDropped();
    this.#queue({ line, standsFor: 1 });
    this.#writing ??= this.#writeWaiting();
  }

  /** Resolves once nothing waits: never, while the other end does not read. */
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
      // There is nobody left to tell: diagnostics must not take the node down.
      return false;
    }
  }

  /** Nothing is tried again before the next line comes: the other end may be gone for good. */
  #drop(lines: readonly WaitingLine[]): void {
    for (const { standsFor } of lines) this.#droppedLines += standsFor;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** The line stands where the dropped ones would have been. */
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

/** Length with its line end. */
function bytesOf(line: string): number {
  return encoder.encode(line).length + 1;
}
