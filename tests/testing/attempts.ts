/**
 * Timing on a busy machine: a single attempt may show the machine, the best of several shows the program.
 *
 * @module
 */

const ATTEMPTS = 3;

/** Duration of the fastest of several attempts, ms. Every attempt must succeed. */
export async function fastestMs(attempt: () => Promise<void>): Promise<number> {
  let fastest = Infinity;
  for (let number = 1; number <= ATTEMPTS; number++) {
    const startMs = performance.now();
    await attempt();
    fastest = Math.min(fastest, performance.now() - startMs);
  }
  return fastest;
}

/**
 * Repeats an attempt that was delayed: it may have been the machine, and then both repetitions are not delayed.
 *
 * @param attempt returns the delay in words; `undefined` if there was none
 * @throws {Error} with the delays if two of three attempts have one
 */
export async function undelayed(what: string, attempt: () => Promise<string | undefined>): Promise<void> {
  const delays: string[] = [];
  for (let number = 1; number <= ATTEMPTS; number++) {
    const delay = await attempt();
    if (delay === undefined && delays.length === 0) return;
    if (delay === undefined) continue;
    console.log(`${what}: ${delay}`);
    delays.push(delay);
    if (delays.length === 2) throw new Error(`${what}, in two of ${number} attempts: ${delays.join("; ")}`);
  }
}
