/**
 * Runs another program to its end.
 *
 * @module
 */

/** The end of a program. */
export interface Outcome {
  readonly success: boolean;
  /** The signal that ended it; `null` if none did. */
  readonly signal: Deno.Signal | null;
  /** Its whole output: standard output, then standard error. */
  readonly text: string;
}

/**
 * Runs a program without input and without colours.
 *
 * @param environment variables in addition to those that are set
 * @param abort ends the program
 * @throws {Error} of the system, if the program cannot be started
 */
export async function run(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  abort: AbortSignal = new AbortController().signal,
): Promise<Outcome> {
  const env = { ...environment, NO_COLOR: "1" };
  const command = new Deno.Command(program, { args: [...args], stdin: "null", env, signal: abort });
  const { success, signal, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { success, signal, text: decoder.decode(stdout) + decoder.decode(stderr) };
}
