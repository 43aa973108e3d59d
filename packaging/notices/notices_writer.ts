/**
 * Finds the packages in the executables and writes the notices that their licences demand.
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
import { PAGE_SCRIPTS } from "../page/build_page.ts";
import type { Program } from "../programs.ts";

/** Path of the project's own licence. */
const OWN_LICENSE_FILE = "LICENSE";

/** The fields of a `package.json` that matter here. */
interface Description {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly author?: unknown;
}

/**
 * Writes the notices of all third-party code in these programs.
 *
 * @param work folder for temporary files
 * @param output folder of the notices
 * @throws {PackagingError} naming a package without a licence text, or a module outside of any package
 */
export async function writeNotices(
  programs: readonly Program[],
  compiler: DenoCompiler,
  work: string,
  output: string,
): Promise<void> {
  const entries = programs.flatMap(({ entry, loads }) => [
    entry,
    ...loads.filter(({ kind }) => kind === "module").map(({ source }) => source),
    ...loads.some(({ kind }) => kind === "page") ? PAGE_SCRIPTS : [],
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

/** Every module in the bundle of a main module, which is not minified so that it names them. */
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

/** Third-party modules, by the folder of their package. */
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

/** Folder of the package that a module belongs to; `undefined` for modules of the project itself. */
async function packageFolder(module: string): Promise<string | undefined> {
  const end = resolve(".");
  for (let folder = dirname(module); folder !== end && folder !== dirname(folder); folder = dirname(folder)) {
    const { name, version } = await readDescription(folder);
    if (name !== undefined && version !== undefined) return folder;
  }
  return undefined;
}

/** The description of a package; empty if the folder has none. */
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
