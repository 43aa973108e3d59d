/**
 * A program in a real terminal, by tmux.
 *
 * @module
 */

/** Columns and rows: wide enough for a line of the server. */
const COLUMNS = 220;
const ROWS = 50;

/** The reason why tmux cannot run here; `undefined` if it can. */
export async function whyNoTerminal(): Promise<string | undefined> {
  if (Deno.permissions.querySync({ name: "run" }).state !== "granted") return "needs the permission run";
  try {
    return (await new Deno.Command("tmux", { args: ["-V"] }).output()).success ? undefined : "needs tmux";
  } catch {
    return "needs tmux";
  }
}

/** A terminal with one program in it. `await using` closes it. */
export class TerminalWindow implements AsyncDisposable {
  /** A tmux server of its own, out of reach of other keys and configurations. */
  readonly #socket = `chat-server-test-${crypto.randomUUID()}`;

  private constructor() {}

  /** Starts a program through a shell, in a folder. */
  static async open(command: string, folder: string): Promise<TerminalWindow> {
    const terminal = new TerminalWindow();
    const size = ["-x", String(COLUMNS), "-y", String(ROWS)];
    await terminal.#tmux("-f", "/dev/null", "new-session", "-d", ...size, "-c", folder, command);
    await terminal.#tmux("set-option", "-g", "remain-on-exit", "on");
    return terminal;
  }

  /** The visible text. */
  async text(): Promise<string> {
    return await this.#tmux("capture-pane", "-p");
  }

  /** Presses a key, as `C-c`. */
  async press(key: string): Promise<void> {
    await this.#tmux("send-keys", key);
  }

  /** Types text. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", "--", text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server");
  }

  async #tmux(...words: readonly string[]): Promise<string> {
    const args = ["-L", this.#socket, ...words];
    const { stdout } = await new Deno.Command("tmux", { args, stdin: "null", stderr: "null" }).output();
    return new TextDecoder().decode(stdout);
  }
}
