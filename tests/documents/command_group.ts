/**
 * A shell command with everything that it starts, which can be ended together.
 *
 * @module
 */

import { eventually } from "../testing/eventually.ts";

/**
 * Runs the command as leader of a group of processes. Nobody ever writes to its standard input: that ends when the
 * tests end, however they end, and then so does the group.
 */
const KEPT = `(read -r; kill -KILL 0) <&0 >/dev/null 2>&1 & exec bash -euo pipefail -c "$1" </dev/null`;

/** The Deno that runs the tests comes first, and colours would be in the way. */
export function documentEnvironment(): { readonly PATH: string; readonly NO_COLOR: string } {
  const folder = Deno.execPath().replace(/\/[^/]*$/, "");
  return { PATH: `${folder}:${Deno.env.get("PATH") ?? ""}`, NO_COLOR: "1" };
}

/** See the module. `await using` kills what is left of it. */
export class CommandGroup implements AsyncDisposable {
  /** Everything that it has written so far. */
  output = "";
  /** That of it which is data. */
  #stdout = "";
  readonly #child: Deno.ChildProcess;
  readonly #drained: Promise<unknown>;
  #ended: Deno.CommandStatus | undefined;
  #isOver = false;

  constructor(command: string, folder: string) {
    const options = { cwd: folder, env: documentEnvironment(), detached: true } as const;
    const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    const args = ["-c", KEPT, "bash", command];
    this.#child = new Deno.Command("bash", { args, ...options, ...pipes }).spawn();
    this.#drained = Promise.all([
      this.#collect(this.#child.stdout, (text) => this.#stdout += text),
      this.#collect(this.#child.stderr, () => {}),
    ]);
    void this.#child.status.then((status) => this.#ended = status);
  }

  /** Whether the command has ended by itself or by a signal. */
  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Waits until this stands in its data, it has ended, or the time is over; returns whether it goes on and said it. */
  async says(text: string, timeoutMs: number): Promise<boolean> {
    await this.#within(timeoutMs, () => this.#stdout.includes(text) || this.hasEnded);
    return this.#stdout.includes(text) && !this.hasEnded;
  }

  /**
   * Waits until it has ended, and kills what is left of it.
   *
   * @returns its exit status; undefined if the time was over before
   */
  async ends(timeoutMs: number): Promise<number | undefined> {
    await this.#within(timeoutMs, () => this.hasEnded);
    const status = this.#ended?.code;
    await this[Symbol.asyncDispose]();
    return status;
  }

  /** Signals all its processes, as a terminal does. */
  signal(signal: Deno.Signal): void {
    try {
      Deno.kill(-this.#child.pid, signal);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** Kills what is left, and waits until all its output is there. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.signal("SIGKILL");
    await this.#drained;
    await this.#child.status;
    await this.#child.stdin.close();
  }

  async #within(timeoutMs: number, condition: () => boolean): Promise<void> {
    await eventually("", condition, timeoutMs).catch(() => {});
  }

  async #collect(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      const text = decoder.decode(chunk, { stream: true });
      this.output += text;
      add(text);
    }
  }
}
