/**
 * Unfinished executables. Deno writes an executable under another name first, and leaves that file behind if
 * it is stopped meanwhile.
 *
 * @module
 */

/** End of such a name, behind that of the executable: `.tmp-51b5ccf0b76b3d9a`. */
const ENDING = /\.tmp-?[0-9a-f]{6,}$/;

/** Name of the executable that a file was to become; for any other file, its own name. */
export function finishedName(name: string): string {
  return name.replace(ENDING, "");
}

/**
 * Removes unfinished executables.
 *
 * @param names names of the finished executables
 * @throws {Error} of the system, if a file cannot be removed
 */
export async function removeUnfinished(folder: string, names: readonly string[]): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    const finished = finishedName(name);
    if (finished !== name && names.includes(finished)) await Deno.remove(`${folder}/${name}`);
  }
}
