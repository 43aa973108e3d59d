/**
 * The real program, run to its end in a folder of its own, for the tests of its commands.
 *
 * @module
 */

import { QUICK, SERVER_PERMISSIONS } from "../testing/server_process.ts";

/** Time limit of a command, ms: one that starts a node by mistake would never end. */
const END_MS = 60_000;

/** Exit status and output of a command. */
export interface Ending {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A temporary folder with a configuration of one node. `await using` removes it. */
export class CommandFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async make(): Promise<CommandFolder> {
    const path = await Deno.makeTempDir({ prefix: "chat-commands-test-" });
    const nodes = [{ name: "node1", tcp: { host: "127.0.0.1", port: 7_000 }, grpc: { port: 7_100 } }];
    await Deno.writeTextFile(`${path}/config.json`, JSON.stringify({ cluster: "test", ...QUICK, nodes }));
    return new CommandFolder(path);
  }

  get data(): string {
    return `${this.path}/data`;
  }

  /** Writes a file; returns its path. */
  async write(name: string, text: string): Promise<string> {
    await Deno.writeTextFile(`${this.path}/${name}`, text);
    return `${this.path}/${name}`;
  }

  /** Imports files into the data folder. */
  import(...files: readonly string[]): Promise<Ending> {
    return runProgram("import", `--config=${this.path}/config.json`, `--data=${this.data}`, ...files);
  }

  /** Runs `log` and a further word on the data folder. */
  log(word: string, ...flags: readonly string[]): Promise<Ending> {
    return runProgram("log", word, `--data=${this.data}`, ...flags);
  }

  /** The first segment of the log, line by line. */
  async lines(): Promise<string[]> {
    return (await Deno.readTextFile(this.segment)).split("\n").slice(0, -1);
  }

  get segment(): string {
    return `${this.data}/log/00000001.jsonl`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** The command line that starts the real program. */
export function programArgs(...args: readonly string[]): string[] {
  const main = new URL("../../server/main.ts", import.meta.url).pathname;
  return ["run", "--no-prompt", ...SERVER_PERMISSIONS, main, ...args];
}

/** Runs the real program to its end. */
export function runProgram(...args: readonly string[]): Promise<Ending> {
  return runProgramIn(".", ...args);
}

/** Runs the real program in a folder, to its end. */
export async function runProgramIn(folder: string, ...args: readonly string[]): Promise<Ending> {
  const pipes = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  const options = { args: programArgs(...args), cwd: folder, signal: AbortSignal.timeout(END_MS), ...pipes };
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), options).output();
  const decoder = new TextDecoder();
  return { status: code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A file of the original server with numbered messages from `ada` to `bob`. */
export function messageLines(count: number): string {
  let lines = "";
  for (let i = 0; i < count; i++) lines += `${messageLine(i)}\n`;
  return lines;
}

/** One such message. */
export function messageLine(number: number, changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    id: messageId(number),
    timestamp: 1_700_000_000.25 + number,
    sender: "ada",
    recipient: "bob",
    content: `message ${number}`,
    status: "unread",
    ...changes,
  });
}

/** The id of such a message. */
export function messageId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}
