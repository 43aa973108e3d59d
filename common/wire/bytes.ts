/**
 * The buffer that everything is encoded into.
 *
 * @module
 */

const encoder = new TextEncoder();

/** Longest string, in UTF-16 units, encoded without the runtime: for short ones, calling it costs more. */
const SHORT_STRING = 160;

/** A buffer of bytes that grows by doubling. Numbers are big-endian, as everywhere in the protocol. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  #length = 0;

  /** @param capacity initial size, bytes */
  constructor(capacity = 1_024) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Number of bytes appended so far. */
  get length(): number {
    return this.#length;
  }

  /** Drops everything after the first `length` bytes. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** A copy of the bytes from `start` on. */
  copy(start = 0): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(start, this.#length);
  }

  /** The bytes from `start` to `end`, without a copy: appending after `truncate` changes them. */
  view(start: number, end: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(start, end);
  }

  /** Appends one byte. */
  uint8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Appends four bytes. */
  uint32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value);
    this.#length += 4;
  }

  /** Fills in four bytes at `offset`, where `uint32` has reserved them. */
  uint32At(offset: number, value: number): void {
    this.#view.setUint32(offset, value);
  }

  /** Appends eight bytes, two's complement; only the lowest 64 bits of `value` count. */
  int64(value: number | bigint): void {
    this.#reserve(8);
    if (typeof value === "number") {
      this.#view.setInt32(this.#length, Math.floor(value / 0x1_0000_0000));
      this.#view.setUint32(this.#length + 4, value);
    } else {
      this.#view.setBigInt64(this.#length, value);
    }
    this.#length += 8;
  }

  /** Appends eight bytes, IEEE 754. */
  float64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value);
    this.#length += 8;
  }

  /** Appends bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Appends the length of a string in four bytes, then its UTF-8; a lone surrogate becomes U+FFFD. */
  text(value: string): void {
    this.#reserve(4 + value.length * 3);
    const start = this.#length + 4;
    const written = value.length <= SHORT_STRING ? this.#ascii(value, start) : -1;
    const length = written >= 0 ? written : encoder.encodeInto(value, this.#bytes.subarray(start)).written;
    this.#view.setUint32(this.#length, length);
    this.#length = start + length;
  }

  /** Writes a string at `start`; returns its length in bytes, or -1 if it has other characters than ASCII. */
  #ascii(value: string, start: number): number {
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit > 0x7f) return -1;
      this.#bytes[start + i] = unit;
    }
    return value.length;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** The four bytes at `offset` as a number; cheaper than a `DataView` for one number. */
export function uint32At(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] ?? 0) * 0x100_0000 +
    ((bytes[offset + 1] ?? 0) << 16 | (bytes[offset + 2] ?? 0) << 8 | (bytes[offset + 3] ?? 0));
}

/** Printable ASCII. The runtime's search takes half the time of a loop. */
const ASCII = /^[ -~]*$/;

/** Length of a string in UTF-8, bytes; a lone surrogate counts as the U+FFFD that replaces it. */
export function utf8Bytes(value: string): number {
  if (ASCII.test(value)) return value.length;
  let bytes = value.length;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1;
    // The second half of a surrogate pair: the pair takes four bytes, and each half was counted as three.
    if (unit >= 0xdc00 && unit <= 0xdfff && i > 0 && isHighSurrogate(value.charCodeAt(i - 1))) bytes -= 2;
  }
  return bytes;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
