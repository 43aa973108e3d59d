/**
 * Tests of the executables: reported as ignored, with the reason, where these cannot be had.
 *
 * @module
 */

import { compiledExecutables, type Executables } from "../testing/executables.ts";
import { processTest } from "../testing/permissions.ts";

/** Compiled once for all tests of a test module, for each has modules of its own. */
const compiled = await compiledExecutables();

/**
 * Registers a test of the executables; ignored, with the reason in its name, where there are none.
 *
 * @param unmet a reason to ignore the test even so, as a program that is not installed
 */
export function executableTest(
  name: string,
  run: (executables: Executables, test: Deno.TestContext) => Promise<void>,
  unmet?: string,
): void {
  if ("reason" in compiled) ignoredTest(name, compiled.reason);
  else if (unmet !== undefined) ignoredTest(name, unmet);
  else processTest(name, (test) => run(compiled, test));
}

function ignoredTest(name: string, reason: string): void {
  Deno.test({ name: `${name} (ignored: ${reason})`, ignore: true, fn: () => {} });
}
