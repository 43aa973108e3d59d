/**
 * The base runtime that `DENORT_BIN` names, in place of the one that Deno downloads for each platform.
 *
 * @module
 */

import { executableTarget, readHeader } from "./executable_format.ts";
import { PackagingError } from "../packaging_error.ts";
import type { Target } from "../targets.ts";

/**
 * Checks the base runtime before anything is made: Deno would put a program on top of any file.
 *
 * @throws {PackagingError} if it cannot be read or does not fit every target
 */
export async function checkBaseRuntime(targets: readonly Target[]): Promise<void> {
  const path = Deno.env.get("DENORT_BIN");
  if (path === undefined) return;
  const header = await readHeader(path).catch((error: Error) => {
    throw new PackagingError(`DENORT_BIN is ${path}, which cannot be read: ${error.message}`);
  });
  const found = executableTarget(header);
  const other = targets.find((target) => target !== found);
  if (other === undefined) return;
  throw new PackagingError(
    `DENORT_BIN is ${path}, which is ${found === undefined ? "no executable" : `for ${found}`} and not for ` +
      `${other}; name a base runtime for that one, one call for each target, or unset DENORT_BIN to have them ` +
      "downloaded",
  );
}
