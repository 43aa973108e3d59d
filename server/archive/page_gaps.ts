/**
 * The gaps of pages: the unused bytes between the directory of a page and its rows
 * (https://sqlite.org/fileformat2.html, 1.6). Where SQLite moves a row to another page, a copy of it may stay in the
 * gap of the old one. `secure_delete` knows nothing of that copy when the row is deleted later, so gaps are wiped here,
 * in the file. SQLite never reads them.
 *
 * @module
 */

/** Pages of a slice: it takes a few milliseconds. */
const SLICE_PAGES = 512;

/** Header of the file, which comes before that of the first page, bytes. */
const FILE_HEADER_BYTES = 100;

/** Length of the header of a page with rows, by its first byte: inner and leaf pages of indexes and of tables. */
const HEADER_BYTES: Readonly<Record<number, number>> = { 2: 12, 5: 12, 10: 8, 13: 8 };

/** Pages without rows begin with the number of another page. From this number on that could be taken for rows. */
const PAGES_MAX = 0x0200_0000;

/** The gaps of one database, whose write-ahead log must be empty whenever they are wiped. */
export class PageGaps {
  /** Stays open: to close any descriptor of a file takes away the locks that this process has on it. */
  readonly #file: Deno.FsFile;
  readonly #pageBytes: number;
  readonly #slice: Uint8Array;
  #nextPage = 0;

  /** @throws {Error} of the system */
  constructor(path: string, pageBytes: number) {
    this.#file = Deno.openSync(path, { read: true, write: true });
    this.#pageBytes = pageBytes;
    this.#slice = new Uint8Array(SLICE_PAGES * pageBytes);
  }

  /**
   * Wipes the gaps of some pages. Pages that the connection has in memory must be read anew after it.
   *
   * @returns true if there are more pages; false at the end of the file, and the next call begins anew
   * @throws {Error} of the system
   */
  wipe(): boolean {
    const first = this.#nextPage;
    const pages = this.#read(first);
    for (let i = 0; i < pages; i++) this.#wipePage(first + i, i * this.#pageBytes);
    const isMore = pages === SLICE_PAGES && first + pages < PAGES_MAX - SLICE_PAGES;
    this.#nextPage = isMore ? first + pages : 0;
    return isMore;
  }

  /** Lets the file go, after all connections of this process. */
  close(): void {
    this.#file.close();
  }

  /** Reads pages from this one on; returns their number. */
  #read(page: number): number {
    this.#file.seekSync(page * this.#pageBytes, Deno.SeekMode.Start);
    let read = 0;
    for (let got: number | null = 1; got !== null && got > 0 && read < this.#slice.length;) {
      got = this.#file.readSync(this.#slice.subarray(read));
      read += got ?? 0;
    }
    return Math.floor(read / this.#pageBytes);
  }

  #wipePage(page: number, at: number): void {
    const bytes = this.#slice.subarray(at, at + this.#pageBytes);
    const header = page === 0 ? FILE_HEADER_BYTES : 0;
    const headerBytes = HEADER_BYTES[bytes[header] ?? 0];
    if (headerBytes === undefined) return;
    const rows = numberAt(bytes, header + 3);
    const start = header + headerBytes + 2 * rows;
    // A damaged page has any numbers: SQLite will say so.
    const gap = bytes.subarray(start, Math.max(start, numberAt(bytes, header + 5)));
    if (gap.every((byte) => byte === 0)) return;
    this.#file.seekSync(page * this.#pageBytes + start, Deno.SeekMode.Start);
    for (let left = gap.fill(0); left.length > 0;) left = left.subarray(this.#file.writeSync(left));
  }
}

/** A number of two bytes, the higher one first. */
function numberAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) << 8 | (bytes[at + 1] ?? 0);
}
