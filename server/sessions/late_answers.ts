/**
 * Answers that leave at a time that tells nothing about the work before them.
 *
 * @module
 */

/** Least time from a request to its late answer, ms: longer than a comparison of a known address nearly ever takes. */
const LATE_MS = 1_000;

/** Answers, each of which leaves with the first look a second after its request, whenever it was added. */
export class LateAnswers {
  readonly #waiting = new Set<{ readonly atMs: number; readonly answer: () => void }>();

  /** Adds the answer to a request that came at `sinceMs`, monotonic time. */
  add(sinceMs: number, answer: () => void): void {
    this.#waiting.add({ atMs: sinceMs + LATE_MS, answer });
  }

  /** Gives the answers that are due; called about once a second. */
  look(nowMs: number): void {
    for (const each of this.#waiting) {
      if (each.atMs > nowMs) continue;
      this.#waiting.delete(each);
      each.answer();
    }
  }
}
