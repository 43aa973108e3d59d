/**
 * Finds out which packages are in the executables, and writes down what their licences ask for.
 *
 * @module
 */

import { dirname, relative, resolve } from "node:path";
import type { DenoCompiler } from "../compile/deno_compiler.ts";
import {
  authorName,
  bundledModules,
  type BundledPackage,
  copyrightLine,
  isLegalFile,
  NOTICES_FILE,
  noticesText,
} from "./notices.ts";
import { PackagingError } from "../packaging_error.ts";
import type { Program } from "../programs.ts";

/** The text of the project's own licence. */
const OWN_LICENSE_FILE = "LICENSE";

/** What `package.json` says of a package. */
interface Description {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly author?: unknown;
}

/**
 * Writes the notices of everything that is in these programs.
 *
 * @param work a folder for what is needed meanwhile
 * @param output where the file is to be
 * @throws {PackagingError} naming a package that has no licence text, or a module that belongs to no package
 */
export async function writeNotices(
  programs: readonly Program[],
  compiler: DenoCompiler,
  work: string,
  output: string,
): Promise<void> {
  const entries = programs.flatMap(({ entry, loads }) => [
    entry,
    ...loads.filter(({ isModule }) => isModule).map(({ source }) => source),
  ]);
  const modules = new Set<string>();
  for (const entry of entries) {
    for (const module of await modulesOf(entry, compiler, `${work}/notices.js`)) modules.add(module);
  }
  const packages: BundledPackage[] = [];
  for (const [folder, files] of await byPackage([...modules])) packages.push(await describe(folder, files));
  const ownLicense = await Deno.readTextFile(OWN_LICENSE_FILE);
  await Deno.writeTextFile(`${output}/${NOTICES_FILE}`, noticesText(ownLicense, compiler.version, packages));
}

/** Every module that the bundle of a main module consists of. It is bundled in a form that tells. */
async function modulesOf(
  entry: string,
  compiler: DenoCompiler,
  bundle: string,
): Promise<readonly string[]> {
  await compiler.run(NOTICES_FILE, ["bundle", "--platform=deno", `--output=${bundle}`, entry]);
  const modules = bundledModules(await Deno.readTextFile(bundle));
  if (modules.includes(entry)) return modules.map((module) => resolve(module));
  throw new PackagingError(
    `Deno ${compiler.version} does not say which modules the bundle of ${entry} consists of; ` +
      "packaging/notices/notices.ts has to learn how it does",
  );
}

/** The modules of other people, by the folder of the package that they belong to. */
async function byPackage(modules: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const packages = new Map<string, string[]>();
  for (const module of modules) {
    const folder = await packageFolder(module);
    if (folder !== undefined) packages.set(folder, [...packages.get(folder) ?? [], module]);
    else if (relative(".", module).startsWith("..")) {
      throw new PackagingError(`${module}, which is in the executables, belongs to no package`);
    }
  }
  return packages;
}

/** The nearest folder around a module that describes a package, unless the project itself is nearer. */
async function packageFolder(module: string): Promise<string | undefined> {
  const end = resolve(".");
  for (let folder = dirname(module); folder !== end && folder !== dirname(folder); folder = dirname(folder)) {
    const { name, version } = await readDescription(folder);
    if (name !== undefined && version !== undefined) return folder;
  }
  return undefined;
}

/** Empty where there is none. */
async function readDescription(folder: string): Promise<Description> {
  try {
    return JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

async function describe(folder: string, modules: readonly string[]): Promise<BundledPackage> {
  const { name = "", version = "", license, author } = await readDescription(folder);
  const texts: string[] = [];
  const items = await Array.fromAsync(Deno.readDir(folder));
  const legal = items.filter((item) => item.isFile && isLegalFile(item.name)).map((item) => item.name);
  for (const file of legal.sort()) texts.push(await Deno.readTextFile(`${folder}/${file}`));
  const copyrights = new Set<string>();
  for (const module of modules) {
    const line = copyrightLine(await Deno.readTextFile(module));
    if (line !== undefined) copyrights.add(line);
  }
  return { name, version, license, author: authorName(author), texts, copyrights: [...copyrights] };
}
