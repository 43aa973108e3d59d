/**
 * Errors of packaging, for people.
 *
 * @module
 */

/** Exit status of a failure. */
export const FAILURE_STATUS = 1;

/** Exit status of a wrong command line. */
export const USAGE_STATUS = 2;

/** Exit status if a download is out of reach. */
export const OUT_OF_REACH_STATUS = 3;

/** An error whose message says what happened and the way out; a stack would not help. */
export class PackagingError extends Error {
  override name = "PackagingError";

  /** @param status exit status of the program */
  constructor(message: string, readonly status = FAILURE_STATUS) {
    super(message);
  }
}

/**
 * Prints the message of an error and ends the program.
 *
 * @throws every error but a `PackagingError`, with its stack
 */
export function endWith(program: string, error: unknown): never {
  if (!(error instanceof PackagingError)) throw error;
  console.error(`${program}: ${error.message}`);
  Deno.exit(error.status);
}
