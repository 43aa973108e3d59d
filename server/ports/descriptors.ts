/**
 * The open files and sockets of the process, as those see them that open some.
 *
 * @module
 */

/** Codes of a process, and of a system, that has no descriptor left (POSIX, `open`). */
const CODES: ReadonlySet<unknown> = new Set(["EMFILE", "ENFILE"]);

/** `ENFILE` in the words of the runtime, which gives it no code where a socket is accepted or opened. */
const MESSAGE = /^Too many open files.*\(os error 2[34]\)/;

/** Spare descriptors for the node's own needs. */
export interface Descriptors {
  /** True while there are too few: no client may be accepted. */
  readonly isShort: boolean;
  /**
   * Takes an error of a call that opens something. If no descriptor was left, the spare ones are given up.
   *
   * @returns true if another attempt may succeed at once
   */
  met(error: unknown): boolean;
}

/** For a process that opens a few files and ends. */
export const NO_SPARE_DESCRIPTORS: Descriptors = { isShort: false, met: () => false };

/** True if the process or the system had no descriptor left. */
export function isOutOfDescriptors(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return "code" in error && CODES.has(error.code) || MESSAGE.test(error.message);
}
