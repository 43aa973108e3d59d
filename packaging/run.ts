/**
 * Running another program to its end.
 *
 * @module
 */

/** How a program ended. */
export interface Outcome {
  readonly success: boolean;
  /** Everything that it printed, standard output first. */
  readonly text: string;
}

/**
 * Runs a program without input and without colours.
 *
 * @param environment variables on top of those that are set
 * @throws {Error} of the system, if it cannot be started
 */
export async function run(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const env = { ...environment, NO_COLOR: "1" };
  const command = new Deno.Command(program, { args: [...args], stdin: "null", env });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
}
