/**
 * Files with secrets that other users of the machine can read or change.
 *
 * @module
 */

const GROUP_CAN_READ = 0o040;
/** The rights of the group and of others that no secret has: to write for both, to read for others. */
const FORBIDDEN = 0o026;
const ROOT = 0;

/** The part of a file's information that tells who can read it; `null` where the system has no such numbers. */
interface FileAccess {
  readonly isFile: boolean;
  readonly mode: number | null;
  readonly uid: number | null;
}

/**
 * A warning about a file with a secret that others can read or change, with the way out; `undefined` if they cannot. A
 * file of root may be readable for its group, by which root gives a key to a service.
 *
 * @param path path of the file as the user knows it
 */
export function exposedSecret(path: string, { isFile, mode, uid }: FileAccess): string | undefined {
  if (!isFile || mode === null) return undefined;
  const forbidden = uid === ROOT ? FORBIDDEN : FORBIDDEN | GROUP_CAN_READ;
  if ((mode & forbidden) === 0) return undefined;
  const permissions = (mode & 0o777).toString(8).padStart(4, "0");
  return `${path} holds a secret and other users of this machine can read or change it (mode ${permissions}); ` +
    `run chmod 600 ${path}`;
}
