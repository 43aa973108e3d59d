/**
 * Checkouts of this repository: the one the bench belongs to, and the one named by `--against`. Each is started
 * as its own `deno task server` starts it, so that flags of the runtime are part of the comparison.
 *
 * @module
 */

/** Folder of the checkout the bench belongs to. */
export const THIS_CHECKOUT = new URL("..", import.meta.url).pathname;

/**
 * Arguments of Deno in the task `server` of a checkout: `run`, flags, entry point.
 *
 * @throws {Error} if the folder has no such task
 */
export function serverArguments(folder: string): readonly string[] {
  try {
    return taskArguments(Deno.readTextFileSync(`${folder}/deno.json`));
  } catch (error) {
    throw new Error(`${folder} is no checkout with a task "server" in its deno.json`, { cause: error });
  }
}

/**
 * Arguments of Deno in the task `server` of a deno.json, without the flag that would hide the address of an inspector.
 *
 * @throws {Error} if it runs anything else than Deno
 */
export function taskArguments(denoJson: string): readonly string[] {
  const command: unknown = JSON.parse(denoJson).tasks.server.command;
  const [program, ...args] = String(command).split(" ");
  if (program !== "deno" || args[0] !== "run") throw new Error(`the task is: ${command}`);
  return args.filter((arg) => arg !== "--quiet");
}
