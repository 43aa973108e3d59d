/**
 * A process of many clients. It gets the time of the processors that neither the server nor the ordinary clients want:
 * the server's fairness is measured, not that of the system, which knows nothing of clients on other machines.
 *
 * @module
 */

/** Clients that are a load, and are none, in turn. `await using` ends their process. */
export class NicedClients<Result> implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #commands: WritableStreamDefaultWriter<Uint8Array>;

  /**
   * Starts the process.
   *
   * @param path of the program
   * @param options its second argument, as JSON
   * @param names of the accounts: one client each
   */
  constructor(path: string, port: number, options: unknown, names: readonly string[]) {
    const program = [Deno.execPath(), "run", "--no-prompt", "--allow-net", path];
    this.#child = new Deno.Command("nice", {
      args: ["-n", "19", ...program, String(port), JSON.stringify(options), ...names],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#commands = this.#child.stdin.getWriter();
  }

  /** Lets the clients begin. */
  async begin(): Promise<void> {
    await this.#ask();
  }

  /** Lets the clients rest; returns their figures. */
  async rest(): Promise<Result> {
    return JSON.parse(await this.#ask());
  }

  /** The process turns the load on or off for each byte, and answers with a line. */
  async #ask(): Promise<string> {
    await this.#commands.write(Uint8Array.of(0));
    const { done, value } = await this.#lines.read();
    if (done) throw new Error("the process of clients has failed");
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#commands.close();
    await this.#lines.cancel();
    await this.#child.status;
  }
}
