/**
 * What a command says to whoever called it.
 *
 * @module
 */

/** Standard output or standard error. */
export interface Output {
  /** Takes some of the bytes, and says how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * Writes a text and a line end, all of it.
 *
 * @returns false where nobody reads any further, as behind `| head`
 */
export async function print(output: Output, text: string): Promise<boolean> {
  const bytes = new TextEncoder().encode(`${text}\n`);
  try {
    for (let from = 0; from < bytes.length;) from += await output.write(bytes.subarray(from));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw error;
  }
}
