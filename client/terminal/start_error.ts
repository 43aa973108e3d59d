/**
 * What went wrong outside the program: something that the person who started it can put right.
 *
 * @module
 */

import { EXIT, type FailureStatus } from "./words/exit_status.ts";

/** Ends the program with a message for the person who started it. */
export class StartError extends Error {
  override readonly name = "StartError";

  /** @param status what the program ends with */
  constructor(message: string, readonly status: FailureStatus = EXIT.usage) {
    super(message);
  }
}

/**
 * Does something with a file.
 *
 * @param what what the file is, for the message
 * @throws {StartError} if it cannot be read
 */
export async function reading<T>(
  what: string,
  file: string,
  read: (file: string) => T | Promise<T>,
  status?: FailureStatus,
): Promise<T> {
  try {
    return await read(file);
  } catch (error) {
    throw new StartError(`${what} ${file} cannot be read: ${reasonOf(error)}`, status);
  }
}

/** What the runtime says of a handshake that failed, and what it means here. */
const TLS_HINTS: readonly (readonly [string, string])[] = [
  ["InvalidContentType", "no TLS there: leave out --tls, or name its TLS port"],
  ["UnknownIssuer", "its certificate is of an authority that is not known here: --ca FILE names it"],
  ["NotValidForName", "its certificate is not for that name"],
];

/** What went wrong, in words that fit into a sentence. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.ConnectionRefused) return "connection refused";
  if (error instanceof Deno.errors.ConnectionReset) return "connection reset";
  if (error instanceof Deno.errors.BrokenPipe) return "connection broken";
  const message = error instanceof Error ? error.message : String(error);
  const [, hint] = TLS_HINTS.find(([words]) => message.includes(words)) ?? [];
  return hint ?? message;
}
