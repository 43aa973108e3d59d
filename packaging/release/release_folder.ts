/**
 * The folder of a release: it has to hold exactly what is released.
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

/** Whether a file of this name comes from an earlier call, of whatever version, and be it unfinished. */
export function isMadeHere(name: string): boolean {
  return EXECUTABLE.test(finishedName(name)) || name === CHECKSUMS_FILE || name === NOTICES_FILE;
}

/** @throws {PackagingError} if the folder holds something that does not come from an earlier call */
export async function checkNothingElse(folder: string): Promise<void> {
  const other = (await namesIn(folder)).find((name) => !isMadeHere(name));
  if (other === undefined) return;
  throw new PackagingError(
    `${folder}/${other} is no file of a release; ${folder} has to hold nothing else, so move it away`,
  );
}

/** Removes what earlier calls made. @throws {PackagingError} if there is something else */
export async function clear(folder: string): Promise<void> {
  await checkNothingElse(folder);
  for (const name of await namesIn(folder)) await Deno.remove(`${folder}/${name}`);
}

/** Every file that is handed on, apart from the list of their checksums. */
export async function releasedFiles(folder: string): Promise<ReleasedFile[]> {
  const files: ReleasedFile[] = [];
  for (const name of await namesIn(folder)) {
    if (name === CHECKSUMS_FILE) continue;
    const path = `${folder}/${name}`;
    files.push({ name, bytes: (await Deno.stat(path)).size, sha256: await sha256(path) });
  }
  return files;
}

/** The names in a folder, sorted; none where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
