/**
 * Waiting for a condition that raises no event.
 *
 * @module
 */

/** Polling interval, ms. */
const PAUSE_MS = 20;

/** Resolves once the condition holds. @throws {Error} naming it, if it does not within `timeoutMs` */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!await condition()) {
    if (performance.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
