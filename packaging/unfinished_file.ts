/**
 * What Deno leaves behind when it is stopped while it writes an executable: it writes to another name first.
 *
 * @module
 */

/** Behind the name of the executable: `.tmp-51b5ccf0b76b3d9a`. */
const ENDING = /\.tmp-?[0-9a-f]{6,}$/;

/** The name of the executable that a file was to become; the name itself where it is nothing unfinished. */
export function finishedName(name: string): string {
  return name.replace(ENDING, "");
}

/**
 * Removes what is left of executables that were not finished.
 *
 * @param names of the executables
 * @throws {Error} of the system, if one cannot be removed
 */
export async function removeUnfinished(folder: string, names: readonly string[]): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    const finished = finishedName(name);
    if (finished !== name && names.includes(finished)) await Deno.remove(`${folder}/${name}`);
  }
}
