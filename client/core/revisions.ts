/**
 * Numbers for changes: a face draws again only the things whose numbers have changed.
 *
 * @module
 */

/** Numbers that only go up. */
export class Revisions {
  #last = 0;

  /** A number that was never given before. */
  next(): number {
    return ++this.#last;
  }
}
