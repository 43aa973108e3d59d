/**
 * Runs of a command line to its end.
 *
 * @module
 */

/** Options of a run. */
export interface RunOptions {
  /** Its current folder. */
  readonly folder?: string;
  /** Its standard input; empty unless given. */
  readonly input?: string;
  /** Variables in addition to the environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Exit status and output. */
export interface Ending {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line to its end. */
export async function runToEnd(
  [program = "", ...args]: readonly string[],
  { folder = ".", input = "", environment = {} }: RunOptions = {},
): Promise<Ending> {
  const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const child = new Deno.Command(program, { args, cwd: folder, env: environment, ...pipes }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  // A program that needs no input may have ended before it gets any.
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await output;
  const decoder = new TextDecoder();
  return { status: code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
