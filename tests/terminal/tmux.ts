/**
 * Real terminals for tests, by tmux: a test types keys and reads the screen.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { clientCommand } from "../io/client_process.ts";
import { awayFromMidnight } from "../testing/midnight.ts";
import { processTest } from "../testing/permissions.ts";

/** Time limit for a screen to become as expected, ms, and the polling interval. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 30;

/** Keys as tmux calls them. */
export type KeyName =
  | "Enter"
  | "Tab"
  | "Up"
  | "Left"
  | "Home"
  | "C-c"
  | "C-d"
  | "C-r"
  | "C-u"
  | "C-w"
  | "C-z";

/** Registers a test with real terminals; ignored, with the reason in its name, where there are none. */
export function terminalTest(name: string, run: () => Promise<void>): void {
  const runByDay = async (): Promise<void> => {
    // At midnight, a screen gets a line with the new date.
    await awayFromMidnight();
    await run();
  };
  if (Deno.permissions.querySync({ name: "run" }).state !== "granted" || hasTmux()) {
    processTest(name, runByDay);
  } else Deno.test({ name: `${name} (ignored: needs tmux, which is not installed)`, ignore: true, fn: run });
}

function hasTmux(): boolean {
  try {
    return new Deno.Command("tmux", { args: ["-V"], stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

/** One tmux server with a terminal for each person. `await using` ends it. */
export class Tmux implements AsyncDisposable {
  readonly #socket = `chat-client-test-${crypto.randomUUID()}`;
  readonly #program: readonly string[];

  /** @param program the words that start the client */
  constructor(program = clientCommand()) {
    this.#program = program;
  }

  /** A client at a terminal of its own. At its end the terminal shows the status and the echo setting. */
  async client(person: string, size: Size, environment: string, ...args: readonly string[]): Promise<Person> {
    const quoted = this.commandLine(...args);
    const after = `echo "ended with $?"; stty -a | grep -o -e ' -*echo ' -e ' -*icanon '; exec sleep 600`;
    const shell = `${environment} ${quoted}; ${after}`;
    const options = [
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      "-s",
      person,
      "-x",
      `${size.columns}`,
      "-y",
      `${size.rows}`,
    ];
    await this.run(...options, "sh", "-c", shell);
    return new Person(this, person);
  }

  /** A shell with job control at a terminal of its own, as a person uses it. */
  async shell(person: string, { columns, rows }: Size): Promise<Person> {
    const size = ["-x", `${columns}`, "-y", `${rows}`];
    await this.run(
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      "-s",
      person,
      ...size,
      "env",
      "PS1=shell> ",
      "sh",
      "-i",
    );
    return new Person(this, person);
  }

  /** The command line of the client with these arguments, for a shell. */
  commandLine(...args: readonly string[]): string {
    return [...this.#program, ...args].map((each) => `'${each}'`).join(" ");
  }

  /** Runs a tmux command; returns its output. */
  async run(...args: readonly string[]): Promise<string> {
    const command = new Deno.Command("tmux", { args: ["-L", this.#socket, ...args] });
    const { success, stdout, stderr } = await command.output();
    if (!success) throw new Error(`tmux ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run("kill-server").catch(() => {});
  }
}

/** Cells and rows of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A person at a terminal. */
export class Person {
  constructor(readonly tmux: Tmux, readonly name: string) {}

  /** Types text literally. */
  async type(text: string): Promise<void> {
    await this.tmux.run("send-keys", "-t", this.name, "-l", text);
  }

  /** Presses keys. */
  async press(...keys: readonly KeyName[]): Promise<void> {
    await this.tmux.run("send-keys", "-t", this.name, ...keys);
  }

  /** Types a line and ends it. */
  async enter(line: string): Promise<void> {
    if (line !== "") await this.type(line);
    await this.press("Enter");
  }

  /** Pastes text as a terminal in bracketed-paste mode does. */
  async paste(text: string): Promise<void> {
    await this.tmux.run("set-buffer", "-b", this.name, text);
    await this.tmux.run("paste-buffer", "-p", "-b", this.name, "-t", this.name);
  }

  /** Changes the size of the terminal. */
  async resize({ columns, rows }: Size): Promise<void> {
    await this.tmux.run("resize-window", "-t", this.name, "-x", `${columns}`, "-y", `${rows}`);
  }

  /** The process id of the client. */
  async pid(): Promise<number> {
    const shell = (await this.tmux.run("display-message", "-p", "-t", this.name, "#{pane_pid}")).trim();
    // Deno permits reading /proc only with all permissions.
    const { stdout } = await new Deno.Command("ps", { args: ["-o", "pid=", "--ppid", shell] }).output();
    return Number(new TextDecoder().decode(stdout).trim().split(/\s+/)[0]);
  }

  /** Sends a signal to the client. */
  async signal(signal: "TERM" | "HUP" | "STOP"): Promise<void> {
    Deno.kill(await this.pid(), `SIG${signal}`);
  }

  /**
   * The rows of the screen: times as `HH:MM`, dates as `DATE`, reasons as `REASON`, no empty rows at the end.
   */
  async screen(...flags: readonly string[]): Promise<readonly string[]> {
    const screen = await this.tmux.run("capture-pane", "-p", ...flags, "-t", this.name);
    const rows = screen.split("\n").map((row) => row.trimEnd());
    return rows.slice(0, rows.findLastIndex((row) => row !== "") + 1).map((row) =>
      row.replace(/^\d\d:\d\d /, "HH:MM ").replace(/^-- \d{4}-\d\d-\d\d$/, "-- DATE").replace(
        /^(-- lost \w+) \([^)]*\)/,
        "$1 (REASON)",
      )
    );
  }

  /** Waits until the screen is exactly this. */
  async sees(...rows: readonly string[]): Promise<void> {
    const last = await this.#look((screen) => screen.join("\n") === rows.join("\n"));
    assertEquals(last, rows, `the screen of ${this.name}`);
  }

  /** Waits until a row of the screen matches. */
  async seesRow(pattern: RegExp): Promise<void> {
    const last = await this.#look((screen) => screen.some((row) => pattern.test(row)));
    if (last.some((row) => pattern.test(row))) return;
    throw new Error(`${this.name} waited in vain for ${pattern} in:\n${last.join("\n")}`);
  }

  async #look(fits: (screen: readonly string[]) => boolean): Promise<readonly string[]> {
    const deadline = performance.now() + PATIENCE_MS;
    while (true) {
      const screen = await this.screen();
      if (fits(screen) || performance.now() > deadline) return screen;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}
