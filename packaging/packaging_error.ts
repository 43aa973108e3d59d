/**
 * What keeps executables from being made, for people.
 *
 * @module
 */

/** Exit status: something is wrong. */
export const FAILURE_STATUS = 1;

/** Exit status: the command line is wrong. */
export const USAGE_STATUS = 2;

/** Exit status: something that has to be downloaded is out of reach. */
export const OUT_OF_REACH_STATUS = 3;

/** Its message says what happened and what to do; there is no use in a stack. */
export class PackagingError extends Error {
  override name = "PackagingError";

  /** @param status how the program ends */
  constructor(message: string, readonly status = FAILURE_STATUS) {
    super(message);
  }
}

/** Says what went wrong, and ends the program. @throws what is no `PackagingError`, with its stack */
export function endWith(program: string, error: unknown): never {
  if (!(error instanceof PackagingError)) throw error;
  console.error(`${program}: ${error.message}`);
  Deno.exit(error.status);
}
