/**
 * Whether something has a path.
 *
 * @module
 */

/** True for files, folders, sockets, and links that lead nowhere. */
export async function pathExists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
