/**
 * The reasons of faults, in words that fit into a sentence.
 *
 * @module
 */

/** The reason of a fault of the network or of a file. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.ConnectionRefused) return "connection refused";
  if (error instanceof Deno.errors.ConnectionReset) return "connection reset";
  if (error instanceof Deno.errors.BrokenPipe) return "connection broken";
  return error instanceof Error ? error.message : String(error);
}
