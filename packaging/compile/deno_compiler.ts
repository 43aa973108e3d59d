/**
 * The Deno that bundles and compiles: the running one, unless `DENO_COMPILER` names another.
 *
 * @module
 */

import { explainFailure } from "./compiler_failure.ts";
import { PackagingError } from "../packaging_error.ts";
import { run } from "../run.ts";

/**
 * Whose certificates are good for what has to be downloaded: Deno's own list, as always, and this machine's,
 * for a package registry that an organization runs for itself.
 */
const CERTIFICATES = "mozilla,system";

/** See the module. */
export class DenoCompiler {
  private constructor(readonly path: string, readonly version: string) {}

  /** @throws {PackagingError} if what `DENO_COMPILER` names is no Deno */
  static async find(): Promise<DenoCompiler> {
    const path = Deno.env.get("DENO_COMPILER") || Deno.execPath();
    const { success, text } = await run(path, ["--version"]).catch(asFailure);
    const version = /^deno (\S+)/.exec(text)?.[1];
    if (success && version !== undefined) return new DenoCompiler(path, version);
    throw new PackagingError(
      `DENO_COMPILER has to name a Deno; ${path} --version says: ${text.trim().split("\n")[0]}`,
    );
  }

  /**
   * Runs one of its commands.
   *
   * @param made what is being made, for the message
   * @throws {PackagingError} with the reason if it fails, and with the way out where there is one
   */
  async run(made: string, args: readonly string[]): Promise<void> {
    const stores = Deno.env.get("DENO_TLS_CA_STORE") || CERTIFICATES;
    const { success, text } = await run(this.path, args, { DENO_TLS_CA_STORE: stores });
    if (!success) throw explainFailure(made, this.version, text);
  }
}

function asFailure(error: Error): { readonly success: false; readonly text: string } {
  return { success: false, text: error.message };
}
