/**
 * The pause of a connection that takes no frames.
 *
 * @module
 */

/** One pause after the other. */
export class Pause {
  #end: (() => void) | undefined;

  /**
   * Begins a pause; resolves once it is over.
   *
   * @param ms time after which `onTime` is called, ms; `undefined` for never
   */
  begin(ms: number | undefined, onTime: () => void): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(onTime, ms);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends the pause, if there is one. */
  end(): void {
    this.#end?.();
    this.#end = undefined;
  }
}
