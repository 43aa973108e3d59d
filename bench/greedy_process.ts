/**
 * The process of greedy clients. It gets the time of the processors that neither the server nor the ordinary clients
 * want: the server's fairness is measured, not that of the system, which knows nothing of clients on other machines.
 *
 * @module
 */

import type { Greed } from "./greedy_client.ts";

const PROGRAM = new URL("greedy_client.ts", import.meta.url).pathname;

/** Numbers of replies, and of the refusals among them. */
interface GreedyReplies {
  readonly replies: number;
  readonly refusals: number;
}

/** Greedy clients, which come and go. `await using` ends their process. */
export class GreedyProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #commands: WritableStreamDefaultWriter<Uint8Array>;

  /** Starts the process. @param names of the accounts: one client each */
  constructor(port: number, greed: Greed, names: readonly string[]) {
    const program = [Deno.execPath(), "run", "--no-prompt", "--allow-net", PROGRAM];
    this.#child = new Deno.Command("nice", {
      args: ["-n", "19", ...program, String(port), JSON.stringify(greed), ...names],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#commands = this.#child.stdin.getWriter();
  }

  /** Lets the clients connect and begin. */
  async begin(): Promise<void> {
    await this.#ask();
  }

  /** Lets the clients go; returns what they got. */
  async rest(): Promise<GreedyReplies> {
    return JSON.parse(await this.#ask());
  }

  /** The process turns greed on or off for each byte, and answers with a line. */
  async #ask(): Promise<string> {
    await this.#commands.write(Uint8Array.of(0));
    const { done, value } = await this.#lines.read();
    if (done) throw new Error("the greedy clients have failed");
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#commands.close();
    await this.#lines.cancel();
    await this.#child.status;
  }
}
