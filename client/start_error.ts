/**
 * Something that the person who started the program can put right.
 *
 * @module
 */

import { EXIT, type Failure } from "./core/turn.ts";

/** See the module. */
export class StartError extends Error {
  override readonly name = "StartError";

  /** @param status what the program ends with */
  constructor(message: string, readonly status: Failure = EXIT.usage) {
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
  status?: Failure,
): Promise<T> {
  try {
    return await read(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`${what} ${file} cannot be read: ${reason}`, status);
  }
}
