/**
 * The files that the page is built from.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** The folder of the page's own sources. */
export const PAGE_SOURCES = "client/web/";

/** Folders whose code may be in the page, or builds it. */
const FOLDERS = ["common/", "client/core/", "client/link/", PAGE_SOURCES, "packaging/page/"];

/** Files that decide on packages and options. */
const FILES = ["deno.json", "deno.lock"];

/** What was built and what is being built, and the files of editors. */
const NO_SOURCES = /^(dist|\..*)$/;

/** Ends of the names of files that are in the page as they are. */
const COPIED = /\.(html|svg|png|webmanifest|txt)$/;

/**
 * A text that changes with the sources of the page, and with the Deno that builds it.
 *
 * @throws {Error} of the system, if they cannot be read
 */
export async function sourcesDigest(): Promise<string> {
  const hash = createHash("sha256").update(Deno.version.deno);
  const folders = await Promise.all(FOLDERS.map(filesBelow));
  for (const path of [...FILES, ...folders.flat()].sort()) {
    hash.update(`\n${path}\n`).update(await Deno.readFile(path));
  }
  return hash.digest("hex");
}

/**
 * Names of the files of the page that are copied, not built.
 *
 * @throws {Error} of the system, if they cannot be read
 */
export async function copiedFiles(): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(PAGE_SOURCES));
  return entries.filter(({ name, isFile }) => isFile && COPIED.test(name)).map(({ name }) => name).sort();
}

async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (NO_SOURCES.test(name)) continue;
    if (isDirectory) found.push(...await filesBelow(`${folder}${name}/`));
    else found.push(folder + name);
  }
  return found;
}
