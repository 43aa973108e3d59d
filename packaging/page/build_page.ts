/**
 * Builds the page: one script, the service worker, the files that are taken as they are, and all of them compressed.
 *
 * @module
 */

import { explainFailure } from "../compile/compiler_failure.ts";
import { run } from "../run.ts";
import { compressFiles } from "./compress_files.ts";
import { copiedFiles, PAGE_SOURCES, sourcesDigest } from "./page_sources.ts";

/** The folder of the built page, which nodes serve. */
const PAGE_FOLDER = `${PAGE_SOURCES}dist`;

/** The file in it that tells the sources it was built from. */
const STAMP = ".sources";

/** Digits of the digest in the service worker: enough to tell pages apart. */
const STAMP_DIGITS = 16;

/** How the names of folders begin that are being filled. */
const UNFINISHED = ".page-";

/** Held while a page is built: several nodes may start at once, and all but one wait. */
const LOCK_FILE = `${PAGE_SOURCES}.building`;

/** Main modules of the page's scripts. */
export const PAGE_SCRIPTS = [`${PAGE_SOURCES}main.tsx`, `${PAGE_SOURCES}service_worker.ts`];

/** The style sheet, which is made shorter as the scripts are. */
const STYLE = `${PAGE_SOURCES}style.css`;

/**
 * Builds the page unless it is the page of these sources already.
 *
 * @param begin called before it is built
 * @throws {PackagingError} if the bundler fails
 * @throws {Error} of the system, if a file cannot be read or written
 */
export async function buildPage(begin: () => void = () => {}): Promise<void> {
  const digest = await sourcesDigest();
  if (await isBuilt(digest)) return;
  using lock = await Deno.open(LOCK_FILE, { create: true, write: true });
  await lock.lock(true);
  if (await isBuilt(digest)) return;
  begin();
  await removeUnfinished();
  const made = `${PAGE_SOURCES}${UNFINISHED}${crypto.randomUUID()}`;
  await Deno.mkdir(made);
  try {
    await fill(made);
    // A browser looks for a newer version of a page by the bytes of its service worker.
    const stamp = `// ${digest.slice(0, STAMP_DIGITS)}\n`;
    await Deno.writeTextFile(`${made}/service_worker.js`, stamp, { append: true });
    await compressFiles(made);
    await Deno.writeTextFile(`${made}/${STAMP}`, digest);
    await putInPlace(made);
  } catch (error) {
    await Deno.remove(made, { recursive: true });
    throw error;
  }
}

/** Removes what builds have left that were killed. */
async function removeUnfinished(): Promise<void> {
  for await (const { name } of Deno.readDir(PAGE_SOURCES)) {
    if (name.startsWith(UNFINISHED)) await Deno.remove(`${PAGE_SOURCES}${name}`, { recursive: true });
  }
}

/** True if there is a page, of whatever sources. */
export async function hasPage(): Promise<boolean> {
  return await stampOf() !== undefined;
}

async function isBuilt(digest: string): Promise<boolean> {
  return await stampOf() === digest;
}

async function stampOf(): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(`${PAGE_FOLDER}/${STAMP}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function fill(folder: string): Promise<void> {
  const options = ["--platform=browser", "--minify", `--outdir=${folder}`];
  const { success, text } = await run(Deno.execPath(), ["bundle", ...options, ...PAGE_SCRIPTS, STYLE]);
  if (!success) throw explainFailure("the page", Deno.version.deno, text);
  for (const name of await copiedFiles()) {
    await Deno.copyFile(`${PAGE_SOURCES}${name}`, `${folder}/${name}`);
  }
}

/** A folder cannot be renamed over another one, so the old page goes away first. */
async function putInPlace(made: string): Promise<void> {
  const old = `${made}-old`;
  try {
    await Deno.rename(PAGE_FOLDER, old);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return await Deno.rename(made, PAGE_FOLDER);
  }
  await Deno.rename(made, PAGE_FOLDER);
  await Deno.remove(old, { recursive: true });
}
