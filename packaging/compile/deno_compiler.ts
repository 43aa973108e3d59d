/**
 * The Deno that bundles and compiles: the running one, unless `DENO_COMPILER` names another.
 *
 * @module
 */

import { canUseCertificates } from "../../server/certificates/runtime_support.ts";
import { explainFailure } from "./compiler_failure.ts";
import { interruptedBy, isEnding } from "./interruption.ts";
import { PackagingError } from "../packaging_error.ts";
import { type Outcome, run } from "../run.ts";

/**
 * Certificate stores for downloads: Deno's own list, as always, and this machine's, for the package registry
 * of an organization.
 */
const CERTIFICATES = "mozilla,system";

/** A Deno that bundles and compiles, with its version. */
export class DenoCompiler {
  private constructor(
    readonly path: string,
    readonly version: string,
    readonly interruption: AbortSignal,
  ) {}

  /**
   * Finds the Deno to use.
   *
   * @param interruption ends its commands, which then throw the reason
   * @throws {PackagingError} if `DENO_COMPILER` does not name a Deno
   */
  static async find(interruption: AbortSignal = new AbortController().signal): Promise<DenoCompiler> {
    const path = Deno.env.get("DENO_COMPILER") || Deno.execPath();
    const { success, text } = await run(path, ["--version"]).catch(asFailure);
    const version = /^deno (\S+)/.exec(text)?.[1];
    if (success && version !== undefined) return new DenoCompiler(path, version, interruption);
    throw new PackagingError(
      `DENO_COMPILER has to name a Deno; ${path} --version says: ${text.trim().split("\n")[0]}`,
    );
  }

  /**
   * Runs one of its commands.
   *
   * @param made the file to make, for the message
   * @throws {PackagingError} with the reason if it fails, and with the way out if there is one
   */
  async run(made: string, args: readonly string[]): Promise<void> {
    const stores = Deno.env.get("DENO_TLS_CA_STORE") || CERTIFICATES;
    const environment = { DENO_TLS_CA_STORE: stores };
    const { success, signal, text } = await run(this.path, args, environment, this.interruption);
    this.interruption.throwIfAborted();
    // Ctrl-C reaches the compiler as well, which may have ended before this program gets the signal.
    if (isEnding(signal)) throw interruptedBy(signal);
    if (!success) throw explainFailure(made, this.version, text);
  }
}

/**
 * A limit of executables that a version of Deno compiles.
 *
 * @param version version of Deno, such as `2.9.6`
 * @returns a sentence without its full stop, to follow that version; `undefined` if there is no limit
 */
export function compilerLimit(version: string): string | undefined {
  if (canUseCertificates(version)) return undefined;
  return "nodes cannot use certificates among each other; that needs 2.7.14 or newer";
}

function asFailure(error: Error): Outcome {
  return { success: false, signal: null, text: error.message };
}
