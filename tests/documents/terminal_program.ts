/**
 * An interactive program of a document, in a real terminal.
 *
 * @module
 */

import { eventually } from "../testing/eventually.ts";
import { TerminalWindow } from "../testing/terminal_window.ts";
import { documentEnvironment, type Place } from "./command_group.ts";

/** The password that every reader chooses: none that a document shows. */
const PASSWORD = "chosen by the reader";

/** Questions of the client, at the end of the screen. */
const NAME_ASKED = /^name:$/;
const PASSWORD_ASKED = /password.*:$/;

/** Notice of a client whose person is logged in. */
const LOGGED_IN = /you are \S+ on /;

/** Notice of a client without a connection. */
const NOT_CONNECTED = "no node is reachable";

/** Time between two keys, ms. */
const PAUSE_MS = 200;

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
   * Does what a new reader does: gives a name and a password, and ends the program with Ctrl-C.
   *
   * @param timeoutMs time for each of the two
   * @returns the behaviour seen instead; `undefined` if all goes well
   */
  async serves(name: string, timeoutMs: number): Promise<string | undefined> {
    let answered = "";
    const screen = await this.#sees(async (text) => {
      const question = text.trimEnd().split("\n").at(-1)?.trimEnd() ?? "";
      const answer = NAME_ASKED.test(question) ? name : PASSWORD_ASKED.test(question) ? PASSWORD : undefined;
      if (answer !== undefined && text !== answered) {
        answered = text;
        await this.window.type(answer);
        await this.window.press("Enter");
      }
      return LOGGED_IN.test(text) || ENDED.test(text);
    }, timeoutMs);
    if (!LOGGED_IN.test(screen) || screen.includes(NOT_CONNECTED)) {
      return `does not let ${name} log in, or finds no server`;
    }
    const last = await this.#sees(async (text) => {
      if (ENDED.test(text)) return true;
      await this.window.press("C-c");
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      return false;
    }, timeoutMs);
    return ENDED.test(last) ? undefined : "does not end with Ctrl-C";
  }

  /** The visible text, without empty lines. */
  async screen(): Promise<string> {
    return (await this.window.text()).replace(/\n\s*\n/g, "\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.window[Symbol.asyncDispose]();
  }

  async #sees(fits: (text: string) => Promise<boolean>, timeoutMs: number): Promise<string> {
    await eventually("", async () => await fits(await this.window.text()), timeoutMs).catch(() => {});
    return await this.window.text();
  }
}
