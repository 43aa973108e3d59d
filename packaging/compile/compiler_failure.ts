/**
 * Explains failures of Deno's bundler and compiler by their output.
 *
 * @module
 */

import { OUT_OF_REACH_STATUS, PackagingError } from "../packaging_error.ts";

/** Addresses, in Deno's messages, of the two things that it downloads apart from packages. */
const BASE_RUNTIME = /https?:\/\/\S*\/denort-([\w-]+)\.zip/;
const BUNDLER = /failed to download esbuild package|@esbuild\//;

/** Deno's messages about a network that does not answer. */
const OUT_OF_REACH = /error sending request|client error|failed to download|404 Not Found|dns error/i;

/**
 * Explains why a file could not be made.
 *
 * @param what the file, such as "dist/chat-server"
 * @param version version of the Deno that failed
 * @param output everything that it printed, without colours
 */
export function explainFailure(what: string, version: string, output: string): PackagingError {
  const [address, target] = BASE_RUNTIME.exec(output) ?? [];
  const isOutOfReach = OUT_OF_REACH.test(output);
  if (isOutOfReach && target !== undefined) {
    return new PackagingError(
      `${what} cannot be made, for the base runtime of Deno ${version} for ${target} cannot be downloaded ` +
        `from ${address} (${rootCause(output)}); set DENORT_BIN to a copy of it, and DENO_COMPILER to a ` +
        "Deno of that version if it is another one than the running one",
      OUT_OF_REACH_STATUS,
    );
  }
  if (isOutOfReach && BUNDLER.test(output)) {
    return new PackagingError(
      `${what} cannot be bundled, for the bundler of Deno ${version}, the npm package esbuild, cannot be ` +
        `downloaded (${rootCause(output)}); try again where the npm registry can be reached`,
      OUT_OF_REACH_STATUS,
    );
  }
  return new PackagingError(`${what} cannot be made; Deno ${version} says:\n${withoutStack(output)}`);
}

/** The last cause in the output, which is the first in time. */
function rootCause(output: string): string {
  const causes = withoutStack(output).split("\n").filter((line) => /^(error: |\s+(\d+: )?)\S/.test(line));
  return causes.at(-1)?.replace(/^(error: |\s+(\d+: )?)/, "") ?? "no reason given";
}

function withoutStack(output: string): string {
  return output.split("\n\nStack backtrace:")[0]?.trim() ?? "";
}
