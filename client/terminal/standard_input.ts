/**
 * The bytes of the standard input, from a person or from a pipe.
 *
 * @module
 */

import process from "node:process";

const READ_BYTES = 65_536;

/** A source of bytes. */
interface Source {
  /** Reads into the bytes; returns how many it got, null at the end. */
  read(into: Uint8Array): Promise<number | null>;
}

/**
 * The standard input, chunk by chunk. A reader that stops leaves the rest to the next one.
 *
 * On Windows, `Deno.stdin` turns letters beyond ASCII that are typed at a terminal into others, or into question
 * marks (https://github.com/denoland/deno/issues/18240); the standard input of `node:process` does not.
 *
 * @param os name of the system in `Deno.build.os`
 */
export function standardInput(os: typeof Deno.build.os = Deno.build.os): AsyncIterable<Uint8Array> {
  if (os !== "windows" || !Deno.stdin.isTerminal()) return chunksOf(Deno.stdin);
  return process.stdin.iterator({ destroyOnReturn: false });
}

/** All bytes of a source, chunk by chunk; a chunk is valid until the next one is asked for. */
export async function* chunksOf(source: Source): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(READ_BYTES);
  for (let length = await source.read(buffer); length !== null; length = await source.read(buffer)) {
    yield buffer.subarray(0, length);
  }
}
