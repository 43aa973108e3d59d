/**
 * Time limits.
 *
 * @module
 */

/**
 * The value of a promise, unless it takes too long or is called off.
 *
 * @param tooLate called with a value that comes after that
 * @throws {unknown} at the time limit, or the reason of the signal
 */
export async function within<T>(
  ms: number,
  signal: AbortSignal,
  promise: Promise<T>,
  tooLate?: (value: T) => void,
): Promise<T> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  let isOver = false;
  const end = (reason: unknown): void => {
    isOver = true;
    reject(reason);
  };
  const callOff = (): void => end(signal.reason);
  const timer = setTimeout(() => end(new Error(`no answer within ${ms / 1_000} s`)), ms);
  signal.addEventListener("abort", callOff);
  if (signal.aborted) callOff();
  promise.then((value) => isOver && tooLate?.(value), () => {});
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", callOff);
  }
}
