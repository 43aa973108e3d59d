/**
 * Checks, before anything is made, that executables can be written to their places.
 *
 * @module
 */

import { executableTarget, readHeader } from "./executable_format.ts";
import { PackagingError } from "../packaging_error.ts";

const WAY_OUT = "name another folder with --output=FOLDER";

/**
 * Makes a folder and checks that files can be written there.
 *
 * @returns true if the folder is new
 * @throws {PackagingError} if it cannot be made or written to
 */
export async function makeFolder(path: string): Promise<boolean> {
  try {
    const isNew = !await isThere(path);
    await Deno.mkdir(path, { recursive: true });
    await Deno.remove(await Deno.makeTempFile({ dir: path }));
    return isNew;
  } catch (error) {
    throw new PackagingError(`no files can be written to the folder ${path}: ${reasonOf(error)}; ${WAY_OUT}`);
  }
}

/**
 * Checks the path of an executable. An executable of an earlier call may be there and is replaced.
 *
 * @throws {PackagingError} if anything else is there
 */
export async function checkPlace(path: string): Promise<void> {
  if (!await isThere(path)) return;
  const { isFile } = await Deno.stat(path);
  if (isFile && executableTarget(await readHeader(path)) !== undefined) return;
  throw new PackagingError(
    `${path} is ${isFile ? "a file that is no executable" : "no file"}, so no executable is put in its ` +
      `place; move it away, or ${WAY_OUT}`,
  );
}

/** The reason why a file or folder could not be written, for people. */
export function reasonOf(error: unknown): string {
  // Deno's own message speaks of flags of `deno run`, which people do not type here.
  if (error instanceof Deno.errors.NotCapable) return "that is no place for files";
  return error instanceof Error ? error.message : String(error);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
