/**
 * `SHA256SUMS`: a line for each file that is handed on, as `sha256sum` writes and checks them.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** What the list is called. */
export const CHECKSUMS_FILE = "SHA256SUMS";

/**
 * Writes the list.
 *
 * @param folder where the files are, and the list will be
 * @returns the list
 */
export async function writeChecksums(folder: string, names: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const name of [...names].sort()) lines.push(`${await sha256(`${folder}/${name}`)}  ${name}\n`);
  const list = lines.join("");
  await Deno.writeTextFile(`${folder}/${CHECKSUMS_FILE}`, list);
  return list;
}

/** SHA-256 of a file's content, in hexadecimal digits. @throws {Error} of the system, if it cannot be read */
export async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}
