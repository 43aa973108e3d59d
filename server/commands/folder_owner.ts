/**
 * The owner of a data folder: root may repair a log whose node runs as another user.
 *
 * @module
 */

/** Gives the files and folders in a data folder to its owner, so that the node can go on using them. */
export function giveToOwner(folder: string): void {
  const { uid, gid } = Deno.statSync(folder);
  // Windows has no such numbers: there, files belong to the folder's owner by inheritance.
  if (uid !== null && gid !== null) giveAll(folder, uid, gid);
}

function giveAll(folder: string, uid: number, gid: number): void {
  for (const { name, isFile, isDirectory } of Deno.readDirSync(folder)) {
    if (!isFile && !isDirectory) continue;
    const path = `${folder}/${name}`;
    const before = Deno.lstatSync(path);
    if (before.uid !== uid) Deno.chownSync(path, uid, gid);
    if (isDirectory) giveAll(path, uid, gid);
  }
}
