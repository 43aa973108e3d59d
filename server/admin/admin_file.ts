/**
 * The file in the data folder with the address of the running node's admin service.
 *
 * @module
 */

/** File name in the data folder. */
const ADMIN_FILE = "admin.json";

/** Host on which admin services listen, out of reach of other machines. */
export const ADMIN_HOST = "127.0.0.1";

/** Reading the secret is the right to ask. */
const FILE_MODE = 0o600;

/** Address and secret of a node's admin service. */
export interface AdminAddress {
  /** Absent if the service listens on the socket in the data folder. */
  readonly port?: number;
  /** 64 hexadecimal digits. */
  readonly secret: string;
  /** Process id of the node. */
  readonly pid: number;
  /** Name of the node. */
  readonly node: string;
}

/**
 * Writes the file. A concurrent reader sees the previous file, or none.
 *
 * @param data the data folder
 * @throws {Error} of the system, as on a full disk
 */
export async function writeAdminFile(data: string, address: AdminAddress): Promise<void> {
  const path = `${data}/${ADMIN_FILE}`;
  const unfinished = `${path}.new`;
  // A file that a crash has left behind may be readable by others.
  await remove(unfinished);
  await Deno.writeTextFile(unfinished, `${JSON.stringify(address)}\n`, { createNew: true, mode: FILE_MODE });
  await Deno.rename(unfinished, path);
}

/**
 * Reads the file; `undefined` if it is missing.
 *
 * @throws {Error} if it cannot be read, or was not written by a node
 */
export async function readAdminFile(data: string): Promise<AdminAddress | undefined> {
  const path = `${data}/${ADMIN_FILE}`;
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} cannot be read: ${reason}`, { cause: error });
  }
  const address = parseAdminAddress(text);
  if (address !== undefined) return address;
  throw new Error(`${path} is not what a node writes there; the next start of the node writes it anew`);
}

/** Removes the file, if there is one. */
export async function removeAdminFile(data: string): Promise<void> {
  await remove(`${data}/${ADMIN_FILE}`);
}

/** Parses the text of the file; `undefined` if a node has not written it. */
export function parseAdminAddress(text: string): AdminAddress | undefined {
  let value: Partial<Record<keyof AdminAddress, unknown>> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { port, secret, pid, node } = value ?? {};
  if (port !== undefined && !isPort(port)) return undefined;
  if (typeof secret !== "string" || !/^[0-9a-f]{64}$/.test(secret)) return undefined;
  if (typeof pid !== "number" || typeof node !== "string") return undefined;
  return port === undefined ? { secret, pid, node } : { port, secret, pid, node };
}

function isPort(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
