/**
 * The files of the page: built, and as long as a node sends them.
 *
 * @module
 */

import { THIS_CHECKOUT } from "./checkout.ts";

/** The folder of the built page. */
const FOLDER = `${THIS_CHECKOUT}client/web/dist`;

/** Files of the build alone, and compressed ones, which have no address of their own. */
const NOT_SENT = /^\.|\.(br|gz)$/;

/** A file of the page, with the lengths of its body as a node sends it, compressed where that is shorter. */
export interface SentFile {
  readonly name: string;
  /** To a browser that takes gzip alone, as one without HTTPS on another machine. */
  readonly gzip: number;
  /** To a browser that takes Brotli too. */
  readonly brotli: number;
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
  const names = entries.map(({ name }) => name).filter((name) => !NOT_SENT.test(name));
  const files = await Promise.all(
    names.map(async (name) => ({
      name,
      gzip: await sentBytes(address + name, "gzip"),
      brotli: await sentBytes(address + name, "gzip, br"),
    })),
  );
  return files.toSorted((one, other) => other.gzip - one.gzip);
}

/** Length of the body that a node sends to a browser that takes these codings. */
async function sentBytes(address: string, codings: string): Promise<number> {
  const answer = await fetch(address, { method: "HEAD", headers: { "Accept-Encoding": codings } });
  await answer.body?.cancel();
  const length = answer.headers.get("Content-Length");
  if (!answer.ok || length === null) throw new Error(`${address} is answered with ${answer.status}`);
  return Number(length);
}
