/**
 * The output of the demo: one line for each step, with its duration and the lines seen.
 *
 * @module
 */

const SECONDS_WIDTH = 6;

/** A step that failed; `cause` says why. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

/** The steps taken so far. */
export class Story {
  /** Number of steps taken. */
  steps = 0;
  readonly #startMs = performance.now();

  /**
   * Takes a step and tells of it.
   *
   * @param act does it and checks it; returns the lines to show
   * @throws {StepFailed} if it does not work
   */
  async step(what: string, act: () => Promise<readonly string[]>): Promise<void> {
    const startMs = performance.now();
    try {
      const seen = await act();
      this.steps++;
      console.log(`${seconds(performance.now() - startMs)}  ${what}`);
      for (const line of seen) console.log(`${" ".repeat(SECONDS_WIDTH)}    ${line}`);
    } catch (cause) {
      throw new StepFailed(`this did not work: ${what}`, { cause });
    }
  }

  /** The last line. */
  end(): void {
    const total = seconds(performance.now() - this.#startMs).trim();
    console.log(`all ${this.steps} steps were as they must be, in ${total}`);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`.padStart(SECONDS_WIDTH);
}
