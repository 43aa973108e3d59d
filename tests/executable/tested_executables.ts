/**
 * Tests of the executables: reported as ignored, with the reason, if these cannot be made.
 *
 * @module
 */

import { compiledExecutables, type Executables } from "../testing/executables.ts";
import { processTest } from "../testing/permissions.ts";

/** Compiled once for all tests of a test module, as each one loads its modules anew. */
const compiled = await compiledExecutables();

/**
 * Registers a test of the executables; ignored, with the reason in its name, if there are none.
 *
 * @param unmet another reason to ignore the test, as a program that is not installed
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
