/**
 * `SHA256SUMS`: one line for each released file, in the format of `sha256sum`.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** Name of the list. */
export const CHECKSUMS_FILE = "SHA256SUMS";

/**
 * Writes the list.
 *
 * @param folder folder of the files and of the list
 * @returns the text of the list
 */
export async function writeChecksums(folder: string, names: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const name of [...names].sort()) lines.push(`${await sha256(`${folder}/${name}`)}  ${name}\n`);
  const list = lines.join("");
  await Deno.writeTextFile(`${folder}/${CHECKSUMS_FILE}`, list);
  return list;
}

/**
 * SHA-256 of a file, in hexadecimal digits.
 *
 * @throws {Error} of the system, if the file cannot be read
 */
export async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}
