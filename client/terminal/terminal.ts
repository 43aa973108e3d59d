/**
 * The terminal itself: raw keys in, bytes out, its size, and its former state given back.
 *
 * @module
 */

import { standardInput } from "./standard_input.ts";
import { type Decoded, Utf8Stream } from "./utf8.ts";
import { EXIT, type ExitStatus } from "./words/exit_status.ts";
import { writeAll } from "./write_all.ts";

/**
 * Pasted text in brackets, so that its line breaks are no Enter keys; a word when the window gets or loses the
 * keyboard.
 */
const MODES = "\x1b[?2004h\x1b[?1004h";
const MODES_OFF = "\x1b[?2004l\x1b[?1004l";
/** The window's title kept aside, and given back. */
const KEEP_TITLE = "\x1b[22;0t";
const GIVE_TITLE_BACK = "\x1b[23;0t";

/** Windows has no signals that stop a program and let it go on. */
const CAN_STOP = Deno.build.os !== "windows";

/**
 * The signals that end the program, on a system as `Deno.build.os` calls it. Windows sends no SIGTERM; SIGBREAK is
 * its Ctrl-Break, and SIGHUP says there too that the window is closed (https://docs.libuv.org/en/v1.x/signal.html).
 */
export function endingSignals(os: typeof Deno.build.os): readonly Deno.Signal[] {
  return os === "windows" ? ["SIGINT", "SIGBREAK", "SIGHUP"] : ["SIGTERM", "SIGHUP", "SIGINT"];
}

/** The callbacks of a terminal. */
export interface TerminalListener {
  typed(keys: Decoded): void;
  resized(): void;
  /** The program goes on after it was stopped, and the terminal was another program's meanwhile. */
  resumed(): void;
  /** The program is to end, by a signal or because the terminal is gone. */
  ended(): void;
}

/** The terminal of the program. */
export class Terminal {
  #raw = false;
  /** True while the terminal is given back for a stop of the program. */
  #isSuspended = false;
  /** True once the other end of the terminal may be gone. */
  #isGone = false;
  /** Gives the last output, which leaves the screen in order. */
  #farewell: () => string = () => "";

  /** @param name the kind of the terminal, as TERM has it */
  constructor(readonly name: string) {}

  /** Size of the screen. */
  get size(): { readonly columns: number; readonly rows: number } {
    const { columns, rows } = Deno.consoleSize();
    // Some terminals say 0 until they know.
    return { columns: Math.max(columns || 80, 10), rows: Math.max(rows || 24, 3) };
  }

  /**
   * Takes the terminal over.
   *
   * @param farewell gives the last output, which leaves the screen in order
   */
  start(listener: TerminalListener, farewell: () => string): void {
    this.#farewell = farewell;
    this.#takeOver(KEEP_TITLE);
    for (const signal of endingSignals(Deno.build.os)) {
      Deno.addSignalListener(signal, () => {
        this.#isGone ||= signal === "SIGHUP";
        listener.ended();
      });
    }
    Deno.addSignalListener("SIGWINCH", () => listener.resized());
    if (CAN_STOP) Deno.addSignalListener("SIGCONT", () => this.#resume(listener));
    // However the program ends, a fault of its own included.
    globalThis.addEventListener("unload", () => this.#restore());
    for (const kind of ["error", "unhandledrejection"] as const) {
      globalThis.addEventListener(kind, () => this.#restore());
    }
    this.#read(listener);
  }

  /** Writes at once. */
  write(text: string): void {
    if (text === "") return;
    try {
      writeAll(Deno.stdout, text);
    } catch (error) {
      if (!this.#isGone) throw error;
    }
  }

  /**
   * Gives the terminal back and stops the program, until the shell lets it go on. Where the runtime does not permit
   * that, or another program of the same job goes on, Ctrl-Z is now the terminal's own, and Enter takes it over again.
   */
  suspend(): void {
    if (!CAN_STOP || !this.#raw) return;
    this.#restore();
    this.#isSuspended = true;
    this.write("-- suspended; fg goes on (no shell yet? Ctrl-Z again, or Enter to go on)\r\n");
    try {
      Deno.kill(Deno.pid, "SIGTSTP");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
    }
  }

  #resume(listener: TerminalListener): void {
    // A stop from elsewhere has left the title kept.
    this.#takeOver(this.#isSuspended ? KEEP_TITLE : "");
    this.#isSuspended = false;
    listener.resumed();
  }

  #takeOver(title: string): void {
    Deno.stdin.setRaw(true);
    this.#raw = true;
    this.write(MODES + title);
  }

  /** Gives the terminal back and ends the program. */
  exit(status: ExitStatus): never {
    this.#restore();
    Deno.exit(status);
  }

  #restore(): void {
    if (!this.#raw) return;
    this.#raw = false;
    try {
      this.write(this.#farewell() + MODES_OFF + GIVE_TITLE_BACK);
      Deno.stdin.setRaw(false);
    } catch {
      // The terminal may be gone, and then there is nothing to give back.
    }
  }

  async #read(listener: TerminalListener): Promise<void> {
    const stream = new Utf8Stream();
    try {
      for await (const chunk of standardInput()) {
        const keys = stream.push(chunk);
        if (this.#isSuspended) this.#resume(listener);
        else listener.typed(keys);
      }
    } catch (error) {
      this.#restore();
      console.error(`the terminal cannot be read: ${error instanceof Error ? error.message : error}`);
      Deno.exit(EXIT.internal);
    }
    this.#isGone = true;
    listener.ended();
  }
}
