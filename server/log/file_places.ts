/**
 * Places of the log that are known in its files, so that nobody has to read from the beginning.
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import type { Version } from "../core/version.ts";
import type { LogPlace } from "../ports/history.ts";
import { lastFitting } from "./last_fitting.ts";
import { EMPTY_LOG, type LogEnd } from "./segments.ts";

/** Distance between two places of a segment, bytes: some milliseconds of reading. */
const SPACING_BYTES = 1_048_576;

/** A place of the log at which a batch begins, and where that is. */
export interface FilePlace extends LogPlace {
  /** Number of the segment. */
  readonly segment: number;
  /** Byte of the segment. */
  readonly offset: number;
}

/** The beginning of every segment, and a place about every MiB: a thousandth of the bytes in the files. */
export class FilePlaces {
  #places: FilePlace[] = [{ position: 0, version: new Map(), segment: EMPTY_LOG.segment, offset: 0 }];
  #end: LogEnd = EMPTY_LOG;

  /** End of the durable part of the files. */
  get end(): LogEnd {
    return this.#end;
  }

  /**
   * The durable part ends here now, behind a whole batch or at the beginning of a new segment.
   *
   * @param position number of entries before it
   * @param version the last of every origin before it; copied
   */
  reached(end: LogEnd, position: number, version: Version): void {
    this.#end = end;
    const { segment } = end;
    const last = this.#places.at(-1);
    const begins = last?.segment !== segment;
    if (!begins && end.bytes - last.offset < SPACING_BYTES) return;
    // A segment that is met behind its beginning has had nothing but marks so far.
    const offset = begins ? 0 : end.bytes;
    this.#places.push({ position, version: new Map(version), segment, offset });
  }

  /** The latest place at or before a position. */
  before(position: number): FilePlace {
    return this.#last((place) => place.position <= position);
  }

  /** The latest place whose version fits. */
  latest(fits: (version: Version) => boolean): FilePlace {
    return this.#last((place) => fits(place.version));
  }

  /** The beginning of a segment, which must have been reached. */
  beginningOf(segment: number): FilePlace {
    const place = this.#places.find((place) => place.segment === segment);
    assert(place !== undefined, `the beginning of segment ${segment} is known`);
    return place;
  }

  /** The latest beginning of a segment at or before a position. */
  beginningBefore(position: number): FilePlace {
    return this.beginningOf(this.before(position).segment);
  }

  /** True if a place is still at its byte of the file. */
  isKnown(place: FilePlace): boolean {
    return this.#places.includes(place);
  }

  /** Lines of a segment are about to become longer or shorter: of its places only the beginning stays. */
  forgetOffsets(segment: number): void {
    this.#places = this.#places.filter((place) => place.segment !== segment || place.offset === 0);
  }

  /** The beginning of the log always fits. */
  #last(fits: (place: FilePlace) => boolean): FilePlace {
    return lastFitting(this.#places, fits) ?? this.#places[0] as FilePlace;
  }
}
