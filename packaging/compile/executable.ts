/**
 * Executables: a bundle on top of a base runtime, in one file.
 *
 * @module
 */

import { MAIN_MODULE } from "./bundle.ts";
import type { DenoCompiler } from "./deno_compiler.ts";
import { executableTarget, readHeader } from "./executable_format.ts";
import { PackagingError } from "../packaging_error.ts";
import type { Program } from "../programs.ts";
import { run } from "../run.ts";
import type { Target } from "../targets.ts";

/** The order for one executable. */
export interface ExecutableOrder {
  readonly program: Program;
  /** Folder of the program's bundle. */
  readonly bundle: string;
  readonly target: Target;
  /** Path of the executable. */
  readonly output: string;
}

/**
 * Compiles a bundle.
 *
 * @throws {PackagingError} if that fails, or the executable is not for the ordered platform
 */
export async function compileExecutable(order: ExecutableOrder, compiler: DenoCompiler): Promise<void> {
  const { target, output } = order;
  await compiler.run(output, compileCommand(order));
  const made = executableTarget(await readHeader(output));
  if (made !== target) throw new PackagingError(`${output} is for ${made ?? "no known platform"}`);
}

/** Arguments of Deno for an order, with all permissions of the executable. */
export function compileCommand({ program, bundle, target, output }: ExecutableOrder): readonly string[] {
  return [
    "compile",
    // The bundle is complete, so Deno must not read any files around it.
    "--no-config",
    "--no-lock",
    "--no-check",
    // Otherwise the executable keeps a file in the machine's temporary folder.
    "--no-code-cache",
    ...program.permissions,
    ...program.loads.map(({ bundled }) => `--include=${bundle}/${bundled}`),
    `--target=${target}`,
    `--output=${output}`,
    `${bundle}/${MAIN_MODULE}`,
  ];
}

/**
 * Starts an executable to check that it works.
 *
 * @param version version that it must report
 * @throws {PackagingError} if it does not start, or is another program
 */
export async function tryOut({ program, output }: ExecutableOrder, version: string): Promise<void> {
  const { success, text } = await run(output, ["--version"]);
  if (success && text.trim() === `${program.name} ${version}`) return;
  throw new PackagingError(
    `${output} does not start as it should (it says: ${
      text.trim().split("\n")[0]
    }); if DENORT_BIN is set, it ` +
      "has to be the base runtime of the very version of Deno that compiles",
  );
}
