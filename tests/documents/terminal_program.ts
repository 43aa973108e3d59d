/**
 * An interactive program of a document, in a real terminal.
 *
 * @module
 */

import { eventually } from "../testing/eventually.ts";
import { TerminalWindow } from "../testing/terminal_window.ts";
import { documentEnvironment, type Place } from "./command_group.ts";

/** First question of the client. */
const PROMPT = /^name:/m;
/** Notice of a client without a connection. */
const NOT_CONNECTED = "no node is reachable";

/** Last line in the terminal once the program has ended. */
const ENDED = /^ended with status \d+$/m;

/** A program in a terminal of its own. `await using` closes the terminal. */
export class TerminalProgram implements AsyncDisposable {
  private constructor(readonly window: TerminalWindow) {}

  /** Starts a command. */
  static async open(command: string, { path, entry }: Place): Promise<TerminalProgram> {
    const { PATH, NO_COLOR } = documentEnvironment();
    const environment = ["env", `PATH=${PATH}`, `NO_COLOR=${NO_COLOR}`];
    const words = [...entry, ...environment, "bash", "-euo", "pipefail", "-c", command];
    const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    const shell = `${quoted}; echo "ended with status $?"; exec sleep 600`;
    return new TerminalProgram(await TerminalWindow.open(shell, path));
  }

  /**
   * Waits for the question for a name, then ends the program with Ctrl-C.
   *
   * @param timeoutMs time for each of the two
   * @returns the behaviour seen instead; `undefined` if all goes well
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

  /** The visible text, without empty lines. */
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
