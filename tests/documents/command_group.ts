/**
 * A shell command and all processes that it starts, as one process group.
 *
 * @module
 */

import { eventually } from "../testing/eventually.ts";

/** Folder and network of a command. */
export interface Place {
  /** Current folder. */
  readonly path: string;
  /** Words before the command line that start it in a network of its own; none for that of this machine. */
  readonly entry: readonly string[];
}

/**
 * Runs the command as the leader of a process group. Its standard input stays empty and ends with the tests, even if
 * they are killed; the group ends with it.
 */
const KEPT = `(read -r; kill -KILL 0) <&0 >/dev/null 2>&1 & exec bash -euo pipefail -c "$1" </dev/null`;

/** Environment of a document's commands: the Deno that runs the tests comes first, and colours are off. */
export function documentEnvironment(): { readonly PATH: string; readonly NO_COLOR: string } {
  const folder = Deno.execPath().replace(/\/[^/]*$/, "");
  return { PATH: `${folder}:${Deno.env.get("PATH") ?? ""}`, NO_COLOR: "1" };
}

/** A running command. `await using` kills the processes that are left. */
export class CommandGroup implements AsyncDisposable {
  /** Standard output and standard error so far. */
  output = "";
  #stdout = "";
  readonly #child: Deno.ChildProcess;
  readonly #drained: Promise<unknown>;
  #ended: Deno.CommandStatus | undefined;
  #isOver = false;

  constructor(command: string, { path, entry }: Place) {
    const options = { cwd: path, env: documentEnvironment(), detached: true } as const;
    const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    const [program = "", ...args] = [...entry, "bash", "-c", KEPT, "bash", command];
    this.#child = new Deno.Command(program, { args, ...options, ...pipes }).spawn();
    this.#drained = Promise.all([
      this.#collect(this.#child.stdout, (text) => this.#stdout += text),
      this.#collect(this.#child.stderr, () => {}),
    ]);
    void this.#child.status.then((status) => this.#ended = status);
  }

  /** True once the command has ended, by itself or by a signal. */
  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Waits for this text on standard output; returns false if the command ends first or the time is over. */
  async says(text: string, timeoutMs: number): Promise<boolean> {
    await this.#within(timeoutMs, () => this.#stdout.includes(text) || this.hasEnded);
    return this.#stdout.includes(text) && !this.hasEnded;
  }

  /**
   * Waits for the end of the command, then kills the processes that are left.
   *
   * @returns the exit status; `undefined` if the time is over first
   */
  async ends(timeoutMs: number): Promise<number | undefined> {
    await this.#within(timeoutMs, () => this.hasEnded);
    const status = this.#ended?.code;
    await this[Symbol.asyncDispose]();
    return status;
  }

  /** Signals every process of the group, as a terminal does. */
  signal(signal: Deno.Signal): void {
    try {
      Deno.kill(-this.#child.pid, signal);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /** Kills the processes that are left, and collects the rest of their output. */
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
