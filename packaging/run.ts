/**
 * Running another program to its end.
 *
 * @module
 */

/** How a program ended. */
export interface Outcome {
  readonly success: boolean;
  /** What ended it, if a signal did. */
  readonly signal: Deno.Signal | null;
  /** Everything that it printed, standard output first. */
  readonly text: string;
}

/**
 * Runs a program without input and without colours.
 *
 * @param environment variables on top of those that are set
 * @param abort ends it
 * @throws {Error} of the system, if it cannot be started
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
