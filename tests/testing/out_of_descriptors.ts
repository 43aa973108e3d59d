/**
 * The error of a call that found no descriptor.
 *
 * @module
 */

/** An error as the runtime makes it, of a process (`EMFILE`) or a system (`ENFILE`, without a code) without a descriptor. */
export function outOf(code: "EMFILE" | "ENFILE"): Error {
  if (code === "ENFILE") return new Error("Too many open files in system (os error 23)");
  return Object.assign(new Error("Too many open files (os error 24): open 'log/00000002.jsonl'"), { code });
}
