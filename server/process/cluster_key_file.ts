/**
 * The cluster key: random bytes in a file that all nodes of a cluster without certificates share. The first node
 * makes it.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** Length of the key. */
const KEY_BYTES = 32;

/** The file: hexadecimal digits and a line feed. */
const FORM = new RegExp(`^[0-9a-f]{${2 * KEY_BYTES}}\\s*$`, "i");

/** Only the owner may read it. */
const FILE_MODE = 0o600;

/** Time that another node may take to write the file where there are no hard links, and polling interval, ms. */
const WRITTEN_MS = 1_000;
const POLL_MS = 20;

/** A key that was read. */
interface ClusterKey {
  readonly key: Uint8Array;
  readonly file: string;
  /** True if there was no file before. */
  readonly isNew: boolean;
}

/**
 * Reads the key, and makes it if there is none. Nodes that do so at the same time get the same key.
 *
 * @throws {Error} with the way out, if the file cannot be made or read, or holds no key
 */
export async function readClusterKey(file: string): Promise<ClusterKey> {
  const isNew = !await isThere(file) && await makeKey(file);
  const key = Buffer.from((await readDigits(file)).trim(), "hex");
  return { key, file, isNew };
}

/** The problems of an existing key file, which keep a node from starting; none if the first node has yet to make it. */
export async function clusterKeyProblems(file: string): Promise<string[]> {
  if (!await isThere(file)) return [];
  try {
    await readDigits(file);
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}

async function isThere(file: string): Promise<boolean> {
  try {
    await Deno.stat(file);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}

/** Makes the file, whole and only if there is none; returns false if another node was faster. */
async function makeKey(file: string): Promise<boolean> {
  const digits = Buffer.from(crypto.getRandomValues(new Uint8Array(KEY_BYTES))).toString("hex");
  const unfinished = `${file}.${digits.slice(0, 16)}`;
  try {
    await writeNew(unfinished, digits);
    try {
      await Deno.link(unfinished, file);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) return false;
      // A file system without hard links.
      await writeNew(file, digits);
    }
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw new Error(
      `the nodes of this cluster prove to each other that they have the key in ${file}, and that file cannot be ` +
        `made (${messageOf(error)}); make its folder writable for this user, copy the file of another node ` +
        "there, or name another place with --cluster-key FILE",
      { cause: error },
    );
  } finally {
    await Deno.remove(unfinished).catch(() => {});
  }
}

/** @throws {Deno.errors.AlreadyExists} if the file exists */
async function writeNew(file: string, digits: string): Promise<void> {
  using made = await Deno.open(file, { write: true, createNew: true, mode: FILE_MODE });
  const bytes = new TextEncoder().encode(`${digits}\n`);
  for (let written = 0; written < bytes.length;) written += await made.write(bytes.subarray(written));
  await made.sync();
}

async function readDigits(file: string): Promise<string> {
  const deadline = performance.now() + WRITTEN_MS;
  for (;;) {
    const text = await readText(file);
    if (FORM.test(text)) return text;
    if (text.length >= 2 * KEY_BYTES || performance.now() > deadline) {
      throw new Error(
        `the cluster key ${file} is not ${2 * KEY_BYTES} hexadecimal digits and a line feed (it has ` +
          `${text.length} characters); copy the file of another node over it, or remove it at all nodes: the next start makes a ` +
          "new one",
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    throw new Error(
      `the cluster key ${file} cannot be read (${
        messageOf(error)
      }); give it to the user who runs this node, or ` +
        "name another place with --cluster-key FILE",
      { cause: error },
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
