/**
 * The files of the page: built, and as long as a node sends them.
 *
 * @module
 */

import { THIS_CHECKOUT } from "./checkout.ts";

/** The folder of the built page. */
const FOLDER = `${THIS_CHECKOUT}client/web/dist`;

/** A file of the page, with the length of its body as a node sends it to a browser, compressed where that is shorter. */
export interface SentFile {
  readonly name: string;
  readonly bytes: number;
}

/** Builds the page; returns the reason if that fails. */
export async function buildPage(): Promise<string | undefined> {
  const args = ["task", "--quiet", "web"];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: THIS_CHECKOUT,
    stdin: "null",
  })
    .output();
  return success ? undefined : new TextDecoder().decode(stderr).trim();
}

/** The files of the page, the longest first. @param address address of the page at a node */
export async function sentFiles(address: string): Promise<readonly SentFile[]> {
  const entries = await Array.fromAsync(Deno.readDir(FOLDER));
  const names = entries.map(({ name }) => name).filter((name) => !name.startsWith("."));
  const files = await Promise.all(
    names.map(async (name) => ({ name, bytes: await sentBytes(address + name) })),
  );
  return files.toSorted((one, other) => other.bytes - one.bytes);
}

/** Length of the body that a node sends to a browser, which takes gzip. */
async function sentBytes(address: string): Promise<number> {
  const answer = await fetch(address, { method: "HEAD", headers: { "Accept-Encoding": "gzip" } });
  await answer.body?.cancel();
  const length = answer.headers.get("Content-Length");
  if (!answer.ok || length === null) throw new Error(`${address} is answered with ${answer.status}`);
  return Number(length);
}
