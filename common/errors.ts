/**
 * Errors, sorted by the side at fault. The refusal of a well-formed request is no error: it is a value and a
 * reply (`server/core/decision.ts`).
 *
 * @module
 */

/** The other end sent bytes that the protocol does not allow. Caught in one place, its connection. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";

  /**
   * @param message the finding, the limit and the way out, for the people at the other end
   * @param fatal true if the stream cannot be followed any further and the connection must end
   */
  constructor(message: string, readonly fatal = false) {
    super(message);
  }
}

/** A state that should be impossible: the fault is ours, and going on would make it worse. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/**
 * Stops the program in a state that should be impossible.
 *
 * @throws {AssertionError} unless `condition` holds
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}
