/**
 * A peer that breaks the replication protocol. It runs in a process of its own, because the gRPC library's
 * timers go on for a while after a failure.
 *
 * @module
 */

/** Names of its misdeeds; see `rogue_peer_child.ts`. */
export type RogueScript =
  | "hello"
  | "another major version"
  | "another cluster"
  | "entries before hello"
  | "lines that are no JSON"
  | "entries without fields"
  | "fields of other types"
  | "bytes that are no message"
  | "1.5 MiB"
  | "10,000 reservations"
  | "100,000 accounts in one message"
  | "100,000 accounts in four messages"
  | "hello twice"
  | "silence"
  | "40 streams";

/** Files in PEM; without a certificate the peer shows none. */
export interface RogueFiles {
  readonly ca: string;
  readonly certificate?: { readonly certFile: string; readonly keyFile: string };
}

/** One act: a stream, or several, with a misdeed. */
export interface RogueAct {
  readonly script: RogueScript;
  /** Port of 127.0.0.1 of the node. */
  readonly port: number;
  /** Name that the node's certificate must have. */
  readonly target: string;
  /** Name that it claims. */
  readonly node: string;
  /** Files for TLS; without them, the peer speaks plainly. */
  readonly files?: RogueFiles;
}

/** Result of one stream. */
export interface RogueStream {
  /** Types of the received messages, without heartbeats. */
  readonly heard: readonly string[];
  /** Words of the refusal. */
  readonly refusal?: string;
  /** Status and text of the library at its end; absent if it was open until the act was over. */
  readonly end?: { readonly code: number; readonly details: string };
  readonly lastedMs: number;
}

/** A process that misbehaves on request. `await using` ends it. */
export class RoguePeer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;
  #unread = "";

  constructor() {
    const program = new URL("./rogue_peer_child.ts", import.meta.url).pathname;
    const permissions = ["--allow-net=127.0.0.1", "--allow-read", "--allow-env"];
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-check", ...permissions, program],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /**
   * Carries out an act; resolves with the results of its streams once they are over, or nothing more is to
   * come.
   *
   * @throws {Error} if its process has ended
   */
  async act(act: RogueAct): Promise<readonly RogueStream[]> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(act)}\n`));
    while (!this.#unread.includes("\n")) {
      const { value, done } = await this.#output.read();
      if (done) throw new Error("the rogue has ended");
      this.#unread += value;
    }
    const [line = "", ...rest] = this.#unread.split("\n");
    this.#unread = rest.join("\n");
    return JSON.parse(line);
  }

  /** Carries out an act with one stream. */
  async actAlone(act: RogueAct): Promise<RogueStream> {
    const [stream, ...others] = await this.act(act);
    if (stream === undefined || others.length > 0) throw new Error(`${act.script} is not one stream`);
    return stream;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close();
    await this.#child.status;
    await this.#output.cancel();
  }
}
