/**
 * Faults that the person can put right: a wrong flag, an unreadable file.
 *
 * @module
 */

import { reasonOf } from "../net/reason.ts";
import { EXIT, type FailureStatus } from "./words/exit_status.ts";

/** Ends the program with a message for the person. */
export class StartError extends Error {
  override readonly name = "StartError";

  /** @param status the exit status */
  constructor(message: string, readonly status: FailureStatus = EXIT.usage) {
    super(message);
  }
}

/**
 * Reads a file.
 *
 * @param what role of the file, for the message
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
