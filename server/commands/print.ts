/**
 * Prints the texts of a command.
 *
 * @module
 */

/** Standard output, or standard error. */
export interface ByteSink {
  /** Takes some of the bytes; resolves to their number. */
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * Writes a text and a line feed completely.
 *
 * @returns false if the reader is gone, as behind `| head`
 */
export async function print(sink: ByteSink, text: string): Promise<boolean> {
  const bytes = new TextEncoder().encode(`${text}\n`);
  try {
    for (let from = 0; from < bytes.length;) from += await sink.write(bytes.subarray(from));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw error;
  }
}
