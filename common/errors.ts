/**
 * Errors by whose fault they are. A refusal of a sensible request is no error: it is a value and a reply
 * (`server/core/decision.ts`).
 *
 * @module
 */

/** The other end sent bytes that the protocol does not allow. Caught once, in its connection. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";

  /**
   * @param message what was found, the limit and the way out, for the people at the other end
   * @param fatal whether the stream cannot be followed any further, so that the connection must end
   */
  constructor(message: string, readonly fatal = false) {
    super(message);
  }
}

/** Something that cannot be happened: the fault is ours, and going on would make it worse. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/**
 * Stops a program that has lost track of itself.
 *
 * @throws {AssertionError} unless `condition` holds
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}
