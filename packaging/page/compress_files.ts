/**
 * Compressed forms of the page's files. They are made with the page, once: Brotli takes a second for the script.
 *
 * @module
 */

import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";

/** Ends of the names of compressed files, and how their content is made. */
const CODERS = {
  ".br": promisify(brotliCompress),
  // Shorter blocks, each with a code of its own: this makes the script shorter by a hundred bytes.
  ".gz": async (bytes: Uint8Array): Promise<Uint8Array> =>
    await promisify(gzip)(bytes, { level: 9, memLevel: 7 }),
};

/**
 * Compresses each file of a folder where that makes it shorter: `main.js.br` and `main.js.gz` are put beside `main.js`.
 *
 * @throws {Error} of the system, if a file cannot be read or written
 */
export async function compressFiles(folder: string): Promise<void> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  await Promise.all(entries.map(({ name }) => compress(`${folder}/${name}`)));
}

async function compress(path: string): Promise<void> {
  const bytes = await Deno.readFile(path);
  for (const [end, code] of Object.entries(CODERS)) {
    const coded = await code(bytes);
    if (coded.length < bytes.length) await Deno.writeFile(path + end, coded);
  }
}
