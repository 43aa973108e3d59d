/**
 * Tells a closed terminal from a request to reload.
 *
 * @module
 */

/** The meaning of a SIGHUP. */
export type Ending = "reload" | "terminalGone";

/** The process as the system shows it. */
export interface WatchedProcess {
  /** True if the process has a controlling terminal at the start. */
  readonly hasTerminal: boolean;
  /** True if the system sends SIGCONT with SIGHUP to a process in the foreground, as Linux does. */
  readonly tellsForeground: boolean;
  /** True for each of standard input, output and error that is a terminal now. */
  terminals(): readonly boolean[];
  /** Process id of the parent. */
  parent(): number;
  /** Monotonic time, ms. */
  nowMs(): number;
  /** Calls back after some time, ms. */
  after(ms: number, then: () => void): void;
}

/** Longest time between the signals that one closed terminal causes, ms. */
const TOGETHER_MS = 1_500;

/**
 * Watches the terminal of a process. Closing it sends SIGHUP and SIGCONT to the processes in the foreground;
 * those in the background get at most the SIGHUP of their shell, and outlive the terminal.
 */
export class TerminalWatch {
  readonly #process: WatchedProcess;
  readonly #atStart: readonly boolean[];
  readonly #parent: number;
  /** Time at which a standard stream was first seen without its terminal. */
  #lostMs: number | undefined;
  #hungUpMs = -Infinity;
  #continuedMs = -Infinity;
  #isJudging = false;

  /** Looks at the standard streams as they are at the start. */
  constructor(process: WatchedProcess) {
    this.#process = process;
    this.#atStart = process.hasTerminal ? process.terminals() : [];
    this.#parent = process.parent();
  }

  /** Notes the end of the terminal; to be called every second, so that a later SIGHUP is known as a request. */
  look(): void {
    if (this.#lost().includes(true)) this.#lostMs ??= this.#process.nowMs();
  }

  /** Takes a SIGHUP and calls back with its meaning, at once or when the other signals had time to come. */
  hungUp(act: (ending: Ending) => void): void {
    this.look();
    this.#hungUpMs = this.#process.nowMs();
    if (!this.#hasJustLost()) return act("reload");
    if (this.#isJudging) return;
    this.#isJudging = true;
    const waitMs = this.#process.tellsForeground && !this.#isContinued() ? TOGETHER_MS : 0;
    this.#process.after(waitMs, () => {
      this.#isJudging = false;
      act(this.#isForeground() ? "terminalGone" : "reload");
    });
  }

  /** Takes a SIGCONT, which may come long after the first SIGHUP, with a second one. */
  continued(act: (ending: Ending) => void): void {
    this.look();
    this.#continuedMs = this.#process.nowMs();
    if (this.#lostMs !== undefined && this.#isContinued()) act("terminalGone");
  }

  #lost(): boolean[] {
    const now = this.#process.terminals();
    return this.#atStart.map((was, index) => was && !now[index]);
  }

  #hasJustLost(): boolean {
    return this.#lostMs !== undefined && this.#process.nowMs() - this.#lostMs < TOGETHER_MS;
  }

  #isContinued(): boolean {
    return Math.abs(this.#continuedMs - this.#hungUpMs) < TOGETHER_MS;
  }

  /**
   * Without SIGCONT, output on the terminal decides: nohup takes it away, and the shell of a process in the
   * background is gone by now; a launcher that lives on, as `deno task`, passes nothing but SIGHUP on.
   */
  #isForeground(): boolean {
    if (this.#isContinued()) return true;
    const [, output, error] = this.#lost();
    if (!output && !error) return false;
    return !this.#process.tellsForeground || this.#process.parent() === this.#parent;
  }
}
