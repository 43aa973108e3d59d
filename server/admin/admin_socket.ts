/**
 * The Unix socket of the admin service in the data folder.
 *
 * @module
 */

/** File name in the data folder. */
const SOCKET_FILE = "admin.sock";

/** Connecting takes the right to write. */
const SOCKET_MODE = 0o600;

/** Longest path of a socket, bytes: Linux has room for 108 with the zero at the end, macOS and others for 104. */
const PATH_BYTES_MAX = Deno.build.os === "linux" ? 107 : 103;

/**
 * The path of the socket for a data folder; `undefined` where there can be none: on Windows, and if the path is too
 * long. Node and asker come to the same path, whatever each calls the folder.
 */
export async function socketPath(data: string): Promise<string | undefined> {
  if (Deno.build.os === "windows") return undefined;
  const path = `${await Deno.realPath(data)}/${SOCKET_FILE}`;
  return new TextEncoder().encode(path).length > PATH_BYTES_MAX ? undefined : path;
}

/**
 * Listens on the socket of a data folder, which must be locked: a socket that is there is of a node that was killed.
 *
 * @returns `undefined` where there can be no socket, as on file systems that know none
 */
export async function listenOnSocket(data: string): Promise<Deno.UnixListener | undefined> {
  let listener: Deno.UnixListener | undefined;
  try {
    const path = await socketPath(data);
    if (path === undefined) return undefined;
    await removeSocket(data);
    listener = Deno.listen({ transport: "unix", path });
    // Whoever connects before this must know the secret all the same.
    await Deno.chmod(path, SOCKET_MODE);
    return listener;
  } catch {
    listener?.close();
    return undefined;
  }
}

/** Removes the socket of a data folder, if there is one. */
export async function removeSocket(data: string): Promise<void> {
  try {
    await Deno.remove(`${data}/${SOCKET_FILE}`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
