/**
 * An interactive program of a document, in a real terminal.
 *
 * @module
 */

import { eventually } from "../testing/eventually.ts";
import { TerminalWindow } from "../testing/terminal_window.ts";
import { documentEnvironment } from "./command_group.ts";

/** What the client asks first, and what it says instead of being connected. */
const PROMPT = /^name:/m;
const NOT_CONNECTED = "no node is reachable";

/** What the terminal shows once the program has ended. */
const ENDED = /^ended with status \d+$/m;

/** See the module. `await using` closes the terminal. */
export class TerminalProgram implements AsyncDisposable {
  private constructor(readonly window: TerminalWindow) {}

  /** Starts a command in a folder. */
  static async open(command: string, folder: string): Promise<TerminalProgram> {
    const { PATH, NO_COLOR } = documentEnvironment();
    const words = ["env", `PATH=${PATH}`, `NO_COLOR=${NO_COLOR}`, "bash", "-euo", "pipefail", "-c", command];
    const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    const shell = `${quoted}; echo "ended with status $?"; exec sleep 600`;
    return new TerminalProgram(await TerminalWindow.open(shell, folder));
  }

  /**
   * Waits until it asks for a name, and ends it with Ctrl-C.
   *
   * @param timeoutMs how long each of the two may take
   * @returns what it does instead; undefined if all goes well
   */
  async answers(timeoutMs: number): Promise<string | undefined> {
    const screen = await this.#sees((text) => PROMPT.test(text) || ENDED.test(text), timeoutMs);
    if (!PROMPT.test(screen) || screen.includes(NOT_CONNECTED)) {
      return "does not ask for a name, or finds no server";
    }
    await this.window.press("C-c");
    const last = await this.#sees((text) => ENDED.test(text), timeoutMs);
    return ENDED.test(last) ? undefined : "does not end with Ctrl-C";
  }

  /** What is to be seen, without empty lines. */
  async screen(): Promise<string> {
    return (await this.window.text()).replace(/\n\s*\n/g, "\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.window[Symbol.asyncDispose]();
  }

  async #sees(fits: (text: string) => boolean, timeoutMs: number): Promise<string> {
    await eventually("", async () => fits(await this.window.text()), timeoutMs).catch(() => {});
    return await this.window.text();
  }
}
