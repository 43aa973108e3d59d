/**
 * The error of a call that found no descriptor.
 *
 * @module
 */

/** An error as the runtime makes it, of a process (`EMFILE`) or a system (`ENFILE`) without a descriptor. */
export function outOf(code: "EMFILE" | "ENFILE"): Error {
  const number = code === "EMFILE" ? 24 : 23;
  return Object.assign(new Error(`Too many open files (os error ${number}): open 'log/00000002.jsonl'`), {
    code,
  });
}
