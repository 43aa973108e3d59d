/**
 * Bundles: a program as a folder of one main module and the files that it loads, with all packages inside.
 *
 * @module
 */

import { completeBundle } from "./bundled_code.ts";
import type { DenoCompiler } from "./deno_compiler.ts";
import type { Program } from "../programs.ts";

/** Main module of a bundle. */
export const MAIN_MODULE = "main.js";

/** Modification time of all files in a bundle: the executable contains it and must be reproducible. */
const CHANGED = new Date("2000-01-01T00:00:00Z");

/**
 * Bundles a program.
 *
 * @param folder folder of the bundle; it is created
 * @throws {PackagingError} if the bundler fails
 * @throws {Error} if the program loads other files than `PROGRAMS` lists for it
 */
export async function bundle(program: Program, compiler: DenoCompiler, folder: string): Promise<void> {
  const modules = program.loads.filter(({ isModule }) => isModule);
  // One file for each entry: the names of shared parts would depend on the place of this machine's packages.
  await compiler.run(program.name, [
    "bundle",
    "--platform=deno",
    "--minify",
    "--keep-names",
    `--outdir=${folder}`,
    program.entry,
    ...modules.map(({ source }) => source),
  ]);
  for (const { source, bundled, isModule } of program.loads) {
    if (!isModule) await Deno.copyFile(source, `${folder}/${bundled}`);
    else await Deno.stat(`${folder}/${bundled}`);
  }
  const main = `${folder}/${MAIN_MODULE}`;
  await Deno.writeTextFile(main, completeBundle(await Deno.readTextFile(main), program.loads));
  const files = [main, ...program.loads.map(({ bundled }) => `${folder}/${bundled}`)];
  for (const file of files) await Deno.utime(file, CHANGED, CHANGED);
}
