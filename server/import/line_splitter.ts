/**
 * Splits the bytes of a file into lines of bounded length.
 *
 * @module
 */

/** A line, or the reason why it cannot be read. */
export type InputLine =
  & { /** Counts from 1 on. */ readonly number: number }
  & ({ readonly text: string } | { readonly problem: string });

const LINE_FEED = 10;

/** Splits a stream of bytes into lines. Holds at most one line of the greatest length. */
export class LineSplitter {
  /** The pieces of the unfinished line; empty once it is too long. */
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #number = 1;
  readonly #lineBytesMax: number;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });

  /** @param lineBytesMax greatest length of a line, bytes without its line feed */
  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax;
  }

  /** Takes the next bytes, whose memory the caller may reuse; returns the lines that end in them. */
  push(chunk: Uint8Array): InputLine[] {
    const lines: InputLine[] = [];
    let from = 0;
    for (let to = chunk.indexOf(LINE_FEED); to >= 0; to = chunk.indexOf(LINE_FEED, from)) {
      this.#add(chunk.subarray(from, to));
      lines.push(this.#finish());
      from = to + 1;
    }
    this.#add(chunk.slice(from));
    return lines;
  }

  /** Ends the file; returns its last line if that has no line feed. */
  end(): InputLine[] {
    return this.#bytes > 0 ? [this.#finish()] : [];
  }

  #add(piece: Uint8Array): void {
    this.#bytes += piece.length;
    if (this.#bytes > this.#lineBytesMax) this.#pieces = [];
    else if (piece.length > 0) this.#pieces.push(piece);
  }

  #finish(): InputLine {
    const pieces = this.#pieces;
    const bytes = this.#bytes;
    const number = this.#number++;
    this.#pieces = [];
    this.#bytes = 0;
    if (bytes > this.#lineBytesMax) {
      return { number, problem: `it has ${bytes} bytes and the limit for a line is ${this.#lineBytesMax}` };
    }
    try {
      return { number, text: this.#decoder.decode(joined(pieces, bytes)) };
    } catch {
      return { number, problem: "it is not UTF-8" };
    }
  }
}

function joined(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
