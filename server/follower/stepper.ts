/**
 * Work of a thread in steps.
 *
 * @module
 */

/** A step of work. Returns the pause until the next one, ms; `undefined` if there is nothing more to do. */
type Step = () => number | undefined;

/**
 * A function that works step by step, until there is nothing more to do. Messages that have arrived meanwhile come
 * between two steps. A call in a pause ends it.
 */
export function stepper(step: Step): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const goOn = (pauseMs = 0): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const nextMs = step();
      if (nextMs !== undefined) goOn(nextMs);
    }, pauseMs);
  };
  return () => goOn();
}
