/**
 * The folder of a release, which holds exactly the released files.
 *
 * @module
 */

import { CHECKSUMS_FILE, sha256 } from "../checksums.ts";
import type { ReleasedFile } from "./change_log.ts";
import { NOTICES_FILE } from "../notices/notices.ts";
import { PackagingError } from "../packaging_error.ts";
import { PROGRAMS } from "../programs.ts";
import { TARGETS } from "../targets.ts";
import { finishedName } from "../unfinished_file.ts";

const NAMES = PROGRAMS.map(({ name }) => name).join("|");
const EXECUTABLE = new RegExp(`^(${NAMES})(-\\d[^/]*-(${TARGETS.join("|")}))?(\\.exe)?$`);

/** True for the name of a file that earlier calls make, of any version, finished or not. */
export function isMadeHere(name: string): boolean {
  return EXECUTABLE.test(finishedName(name)) || name === CHECKSUMS_FILE || name === NOTICES_FILE;
}

/** @throws {PackagingError} if the folder holds a file that no earlier call made */
export async function checkNothingElse(folder: string): Promise<void> {
  const other = (await namesIn(folder)).find((name) => !isMadeHere(name));
  if (other === undefined) return;
  throw new PackagingError(
    `${folder}/${other} is no file of a release; ${folder} has to hold nothing else, so move it away`,
  );
}

/**
 * Removes the files of earlier calls.
 *
 * @throws {PackagingError} if the folder holds other files
 */
export async function clear(folder: string): Promise<void> {
  await checkNothingElse(folder);
  for (const name of await namesIn(folder)) await Deno.remove(`${folder}/${name}`);
}

/** Every released file except the list of checksums. */
export async function releasedFiles(folder: string): Promise<ReleasedFile[]> {
  const files: ReleasedFile[] = [];
  for (const name of await namesIn(folder)) {
    if (name === CHECKSUMS_FILE) continue;
    const path = `${folder}/${name}`;
    files.push({ name, bytes: (await Deno.stat(path)).size, sha256: await sha256(path) });
  }
  return files;
}

/** Sorted names of everything in a folder; none if the folder does not exist. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
