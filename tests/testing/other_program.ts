/**
 * A program that is not ours and that runs beside the nodes, in a folder of its own.
 *
 * @module
 */

import { eventually } from "./eventually.ts";

/** How a program is started. */
interface ProgramOptions {
  /** Its folder, which is removed with it. */
  readonly folder: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** True once it can be used. */
  isReady(): Promise<boolean>;
}

/** A program that runs; `await using` ends it. */
export class OtherProgram implements AsyncDisposable {
  private constructor(readonly folder: string, readonly child: Deno.ChildProcess) {}

  /**
   * Starts a program, and waits until it can be used.
   *
   * @throws {Error} with everything that it said, if it ends instead
   */
  static async start(name: string, { folder, args, env, isReady }: ProgramOptions): Promise<OtherProgram> {
    const output = await Deno.open(`${folder}/output`, { write: true, create: true });
    const child = new Deno.Command(name, {
      args: [...args],
      ...env && { env },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    void child.stderr.pipeTo(output.writable);
    let isOver = false;
    void child.status.then(() => isOver = true);
    await eventually(`${name} can be used`, async () => {
      if (isOver) throw new Error(await Deno.readTextFile(`${folder}/output`));
      return await isReady();
    });
    return new OtherProgram(folder, child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGTERM");
    await this.child.status;
    await Deno.remove(this.folder, { recursive: true });
  }
}

/**
 * The reason why a program cannot run here; `undefined` if it can.
 *
 * @param versionFlag the word for which it says its version
 */
export async function whyNoProgram(name: string, versionFlag: string): Promise<string | undefined> {
  if (Deno.permissions.querySync({ name: "run" }).state !== "granted") return "needs the permission run";
  const quiet = { stdin: "null", stdout: "null", stderr: "null" } as const;
  try {
    const { success } = await new Deno.Command(name, { args: [versionFlag], ...quiet }).output();
    return success ? undefined : `needs ${name}`;
  } catch {
    return `needs ${name}`;
  }
}
