/**
 * A running program, its output, and waiting for lines of it.
 *
 * @module
 */

/** Time limit for an expected line, and for the end of a program, ms. */
const WAIT_MS = 60_000;

/** Running programs. */
const running = new Set<Program>();

/** Kills all running programs, and resolves once they are gone. */
export async function killPrograms(): Promise<void> {
  await Promise.all([...running].map((program) => program.end("SIGKILL")));
}

/** A program and its output so far. */
export class Program {
  /** Everything that it has printed so far, on standard output and standard error. */
  output = "";
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #drained: Promise<unknown>;
  #isOver = false;
  #changed: () => void = () => {};

  /** Starts a program of this project. @param args the flags of the runtime, the module, its own arguments */
  constructor(readonly name: string, args: readonly string[]) {
    const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    const words = ["run", "--no-prompt", ...args];
    this.#child = new Deno.Command(Deno.execPath(), { args: words, ...pipes }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#drained = Promise.all([this.#collect(this.#child.stdout), this.#collect(this.#child.stderr)]);
    running.add(this);
    void this.#drained.then(() => {
      running.delete(this);
      this.#isOver = true;
      this.#changed();
    });
  }

  /** Types a line. */
  async type(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  /**
   * Waits for a line; returns it.
   *
   * @param from where in `output` it may begin
   * @throws {Error} with everything it printed since then, if the line does not come
   */
  async prints(pattern: RegExp, from = 0): Promise<string> {
    const deadlineMs = performance.now() + WAIT_MS;
    for (;;) {
      const line = this.output.slice(from).split("\n").slice(0, -1).find((each) => pattern.test(each));
      if (line !== undefined) return line;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0 || this.#isOver) {
        throw new Error(
          `${this.name} was to print ${pattern}; it printed:\n${this.output.slice(from).trimEnd()}`,
        );
      }
      await this.#change(leftMs);
    }
  }

  /**
   * Waits for its end, after a signal if there is one; returns the exit status.
   *
   * @throws {Error} if it does not end in time
   */
  async end(signal?: Deno.Signal): Promise<number> {
    if (signal === undefined) await this.#input.close();
    else this.#signal(signal);
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      this.#signal("SIGKILL");
    }, WAIT_MS);
    await this.#drained;
    clearTimeout(late);
    // A pipe that nobody reads any more cannot be closed, and need not be.
    await this.#input.close().catch(() => {});
    if (isLate) throw new Error(`${this.name} did not end within ${WAIT_MS / 1_000} s`);
    return (await this.#child.status).code;
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended already.
    }
  }

  async #change(ms: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#changed = resolve;
      timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
  }

  async #collect(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const bytes of stream) {
      this.output += decoder.decode(bytes, { stream: true });
      this.#changed();
    }
  }
}
