/**
 * Tests about days.
 *
 * @module
 */

const DAY_MS = 86_400_000;

/** Longest time that such a test takes, ms. */
const TEST_MS_MAX = 30_000;

/** Waits until the day of UTC does not end within the next half minute. */
export async function awayFromMidnight(): Promise<void> {
  const leftMs = DAY_MS - Date.now() % DAY_MS;
  if (leftMs < TEST_MS_MAX) await new Promise((resolve) => setTimeout(resolve, leftMs));
}
