/**
 * Reads the entries of the log from its files, in the background, while the node writes to them.
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import type { EncodedEntry } from "../core/encoded_entry.ts";
import type { Done, FileStore, SequentialReader } from "../ports/files.ts";
import type { FilePlace, FilePlaces } from "./file_places.ts";
import { LineChain } from "./line_chain.ts";
import { type FileLine, LineReader } from "./line_reader.ts";
import { errorOf, SegmentDamaged } from "./log_errors.ts";
import { recordJson } from "./log_line.ts";
import { isEntry } from "./log_record.ts";
import { segmentPath } from "./segments.ts";

/** Goes through the files from a place on, segment after segment, and never beyond the durable part. */
export class EntryReader {
  /** The place where its file was begun. */
  #from: FilePlace;
  #file: SequentialReader;
  #lines: LineReader;
  /** Bytes of the file that were read. */
  #bytes = 0;
  #chain = new LineChain();
  #isOpen = false;
  /** Entries that were read and not taken, and the position of the first of them. */
  #entries: EncodedEntry[] = [];
  #position: number;
  readonly #files: FileStore;
  readonly #places: FilePlaces;

  /** @param from place to begin at */
  constructor(files: FileStore, places: FilePlaces, from: FilePlace) {
    this.#files = files;
    this.#places = places;
    this.#from = from;
    this.#position = from.position;
    this.#lines = this.#newLines();
    this.#file = files.reader(segmentPath(from.segment), from.offset);
  }

  /** Position of the first entry that can still be taken. */
  get position(): number {
    return this.#position;
  }

  /** Takes at most `count` of the entries that were read, from `position` on. Entries before it are dropped. */
  take(position: number, count: number): EncodedEntry[] {
    this.#drop(position - this.#position);
    const taken = this.#entries.slice(0, count);
    this.#drop(taken.length);
    return taken;
  }

  /** Reads on, in the durable part. There may be nothing to take even then. */
  read(done: Done): void {
    const room = this.#room();
    if (room.length === 0) {
      return done(this.#damaged(this.#bytes, "entries that were on the disk are missing"));
    }
    this.#file.readLater(room, (outcome) => done(this.#took(outcome)));
  }

  /** Lets the file go. */
  close(): void {
    this.#file.close();
  }

  /** Room that ends with the durable part: a batch that is being written may still be taken back. */
  #room(): Uint8Array {
    const { room } = this.#lines;
    const { segment, bytes } = this.#places.end;
    if (segment !== this.#from.segment) return room;
    return room.subarray(0, bytes - this.#from.offset - this.#bytes);
  }

  #took(outcome: number | Error): Error | undefined {
    if (outcome instanceof Error) return outcome;
    const wasOpen = this.#isOpen;
    this.#isOpen = true;
    // While it was being opened, another file may have been put in its place, with its lines at other bytes.
    if (!wasOpen && !this.#places.isKnown(this.#from)) return this.#beginAgain();
    try {
      this.#bytes += outcome;
      this.#lines.took(outcome);
      if (outcome === 0) this.#nextSegment();
      return undefined;
    } catch (thrown) {
      return errorOf(thrown);
    }
  }

  #beginAgain(): undefined {
    const beginning = this.#places.beginningOf(this.#from.segment);
    this.#position = beginning.position;
    this.#begin(beginning);
  }

  #nextSegment(): void {
    const { segment } = this.#from;
    if (segment === this.#places.end.segment) throw this.#damaged(this.#bytes, "the file ends too early");
    const next = this.#places.beginningOf(segment + 1);
    const position = this.#position + this.#entries.length;
    if (position !== next.position) {
      throw this.#damaged(
        this.#bytes,
        `the segment ends at entry ${position} of the log, not ${next.position}`,
      );
    }
    this.#begin(next);
  }

  #begin(place: FilePlace): void {
    this.#file.close();
    this.#from = place;
    this.#bytes = 0;
    this.#chain = new LineChain();
    this.#isOpen = false;
    this.#lines = this.#newLines();
    this.#file = this.#files.reader(segmentPath(place.segment), place.offset);
  }

  #newLines(): LineReader {
    return new LineReader((line) => {
      this.#line(line);
      return true;
    });
  }

  #line(line: FileLine): void {
    const next = this.#chain.next(line);
    if (typeof next === "string") throw this.#damaged(line.offset, next);
    const { record } = next;
    if (isEntry(record)) this.#entries.push({ entry: record, json: recordJson(line.bytes, line.text) });
  }

  /** @param offset byte, counted from the beginning of the reading */
  #damaged(offset: number, problem: string): SegmentDamaged {
    const { segment, offset: from } = this.#from;
    return new SegmentDamaged(segmentPath(segment), from + offset, problem);
  }

  #drop(count: number): void {
    assert(count >= 0, "entries are read in order");
    const dropped = this.#entries.splice(0, count);
    this.#position += dropped.length;
  }
}
