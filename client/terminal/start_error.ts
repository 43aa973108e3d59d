/**
 * What went wrong outside the program: something that the person who started it can put right.
 *
 * @module
 */

import { reasonOf } from "../net/reason.ts";
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
