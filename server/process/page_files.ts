/**
 * The files of the page, read once at the start.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { type Coding, CODINGS, type PageFile } from "../web/page.ts";
import type { PageFiles } from "./page_port.ts";

/** The folder that the build of the page fills; an executable has it inside. */
export const PAGE_FOLDER = new URL("../../client/web/dist/", import.meta.url);

/** The file that a page begins with. */
const INDEX = "index.html";

/** Most files of a page. */
const FILES_MAX = 64;

/** Longest file, bytes; all are in memory, with their compressed forms. */
const FILE_BYTES_MAX = 2_097_152;

/** Characters of an entity tag, of the 43 of a digest in base64url. */
const TAG_CHARACTERS = 22;

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  webmanifest: "application/manifest+json",
  json: "application/json",
  txt: "text/plain; charset=utf-8",
};

/** Ends of the names of compressed files, which the build puts beside those that they are made of. */
const ENDS: Readonly<Record<Coding, string>> = { br: ".br", gzip: ".gz" };

/** Files for developers and for the build, and compressed ones, which have no address of their own. */
const NOT_SERVED = /\.(map|br|gz)$|^\./;

/**
 * Reads the files of a page, without those in folders below.
 *
 * @returns the files by name; none if the folder is missing or empty
 * @throws {Error} if the folder cannot be read, or holds no page or too much
 */
export async function readPageFiles(folder: URL): Promise<PageFiles> {
  const names = await namesIn(folder);
  if (names.length === 0) return new Map();
  if (!names.includes(INDEX)) throw unusable(folder, `has no ${INDEX}`);
  if (names.length > FILES_MAX) {
    throw unusable(folder, `has ${names.length} files, and the limit is ${FILES_MAX}`);
  }
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readPageFile(folder, name)] as const)),
  );
}

/** Names of the files to serve, in order. */
async function namesIn(folder: URL): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(({ name, isFile }) => isFile && !NOT_SERVED.test(name)).map(({ name }) => name)
      .sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw unusable(folder, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function readPageFile(folder: URL, name: string): Promise<PageFile> {
  const type = TYPES[name.split(".").at(-1) ?? ""];
  if (type === undefined) {
    throw unusable(folder, `has ${name}, and files of a page end in ${Object.keys(TYPES).join(", ")}`);
  }
  const bytes = await readBytes(folder, name);
  if (bytes === undefined) throw unusable(folder, `has no ${name} any more`);
  const digest = createHash("sha256").update(bytes).digest("base64url");
  const compressed = new Map<Coding, Uint8Array<ArrayBuffer>>();
  for (const coding of CODINGS) {
    const shorter = await readBytes(folder, `${name}${ENDS[coding]}`);
    if (shorter !== undefined) compressed.set(coding, shorter);
  }
  return { type, bytes, compressed, etag: `"${digest.slice(0, TAG_CHARACTERS)}"` };
}

/** The bytes of a file; `undefined` if it is missing. */
async function readBytes(folder: URL, name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const bytes = await Deno.readFile(new URL(encodeURIComponent(name), folder));
    if (bytes.length <= FILE_BYTES_MAX) return bytes;
    throw unusable(folder, `has ${name} of ${bytes.length} bytes, and the limit is ${FILE_BYTES_MAX}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function unusable(folder: URL, problem: string): Error {
  return new Error(
    `the folder of the page, ${
      decodeURIComponent(folder.pathname)
    }, ${problem}; build the page anew, or start the ` +
      "node with --no-web",
  );
}
