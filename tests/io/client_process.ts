/**
 * The real client program as a process of its own, for tests.
 *
 * @module
 */

/** The permissions that the client is run with. */
export const CLIENT_PERMISSIONS = ["--allow-net", "--allow-read", "--allow-write", "--allow-env=TERM"];

/** The password of all accounts in these tests. */
export const PASSWORD = "correct horse";

/** The client's command line, beginning with the runtime. */
export function clientCommand(...args: readonly string[]): readonly string[] {
  const main = new URL("../../client/main.ts", import.meta.url).pathname;
  return [Deno.execPath(), "run", "--no-prompt", ...CLIENT_PERMISSIONS, main, ...args];
}

/** Exit status and output of a client. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** A client that runs, with its input and outputs. `await using` ends it. */
export class ClientProcess implements AsyncDisposable {
  stdout = "";
  stderr = "";
  readonly #child: Deno.ChildProcess;
  readonly #drained: Promise<unknown>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  #changed: () => void = () => {};

  /** @param words its command line, beginning with the runtime */
  constructor(words: readonly string[]) {
    const [program = "", ...rest] = words;
    const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    this.#child = new Deno.Command(program, { args: rest, ...pipes }).spawn();
    this.#drained = Promise.all([
      this.#collect(this.#child.stdout, (text) => this.stdout += text),
      this.#collect(this.#child.stderr, (text) => this.stderr += text),
    ]);
    this.#input = this.#child.stdin.getWriter();
  }

  /** Types text. */
  async type(text: string | Uint8Array): Promise<void> {
    await this.#input.write(typeof text === "string" ? new TextEncoder().encode(text) : text);
  }

  /** Waits until its data, or its diagnostics, fit, at most a minute. */
  async until(pattern: RegExp, output: "stdout" | "stderr" = "stdout"): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`waited in vain for ${pattern} in:\n${this.stdout}${this.stderr}`)),
        60_000,
      );
    });
    const fits = new Promise<void>((resolve) => {
      this.#changed = () => pattern.test(this[output]) && resolve();
      this.#changed();
    });
    try {
      await Promise.race([fits, expired]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends it a signal. */
  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Ends its input and waits for its own end. */
  async end(): Promise<Ended> {
    await this.#input.close().catch(() => {});
    await this.#drained;
    return { stdout: this.stdout, stderr: this.stderr, code: (await this.#child.status).code };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.end();
  }

  async #collect(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      add(decoder.decode(chunk, { stream: true }));
      this.#changed();
    }
  }
}

/** Runs a client with that input to its end. */
export async function runClient(input: string | Uint8Array, ...args: readonly string[]): Promise<Ended> {
  await using client = new ClientProcess(clientCommand(...args));
  // A client that needs no input may have ended before it was given any.
  await client.type(input).catch(() => {});
  return await client.end();
}
