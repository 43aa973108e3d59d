/**
 * Bundles: a program as a folder of one main module and the files that it loads, with all packages inside.
 *
 * @module
 */

import { completeBundle } from "./bundled_code.ts";
import type { DenoCompiler } from "./deno_compiler.ts";
import type { LoadedFile, Program } from "../programs.ts";

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
  const modules = program.loads.filter(({ kind }) => kind === "module");
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
  const loaded = await Promise.all(program.loads.map((file) => bundleLoaded(file, folder)));
  const main = `${folder}/${MAIN_MODULE}`;
  await Deno.writeTextFile(main, completeBundle(await Deno.readTextFile(main), program.loads));
  for (const file of [main, ...loaded.flat()]) await Deno.utime(file, CHANGED, CHANGED);
}

/** Puts what a program loads into the bundle; returns the paths there. */
async function bundleLoaded({ source, bundled, kind }: LoadedFile, folder: string): Promise<string[]> {
  const path = `${folder}/${bundled}`;
  if (kind === "page") return await copyPage(source, path);
  if (kind === "file") await Deno.copyFile(source, path);
  else await Deno.stat(path);
  return [path];
}

async function copyPage(source: string, folder: string): Promise<string[]> {
  await Deno.mkdir(folder);
  const copied: string[] = [];
  for (const name of await fileNames(source)) {
    await Deno.copyFile(`${source}${name}`, `${folder}${name}`);
    copied.push(`${folder}${name}`);
  }
  return [...copied, folder];
}

/** Names of the files in a folder that are not hidden, in order; none if it is missing. */
async function fileNames(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(({ name, isFile }) => isFile && !name.startsWith(".")).map(({ name }) => name)
      .sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
