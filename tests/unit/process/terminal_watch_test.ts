import { assertEquals } from "@std/assert";
import { type Ending, TerminalWatch, type WatchedProcess } from "../../../server/process/terminal_watch.ts";

/** Longer than the signals of one closed terminal are apart, ms. */
const LATER_MS = 5_000;

/** A process whose terminal a test closes. */
class Process implements WatchedProcess {
  readonly endings: Ending[] = [];
  #nowMs = 0;
  #streams: readonly boolean[];
  #parent = 100;
  #waiting: (() => void)[] = [];
  readonly #watch: TerminalWatch;

  constructor(
    streams: readonly boolean[],
    readonly hasTerminal = true,
    readonly tellsForeground = true,
  ) {
    this.#streams = streams;
    this.#watch = new TerminalWatch(this);
  }

  readonly terminals = (): readonly boolean[] => this.#streams;
  readonly parent = (): number => this.#parent;
  readonly nowMs = (): number => this.#nowMs;
  readonly after = (_ms: number, then: () => void): void => void this.#waiting.push(then);

  /** Takes the terminal away, and the shell with it unless a launcher lives on. */
  close({ parentLives }: { readonly parentLives: boolean }): this {
    this.#streams = this.#streams.map(() => false);
    if (!parentLives) this.#parent = 1;
    return this;
  }

  hangUp(): this {
    this.#watch.hungUp((ending) => this.endings.push(ending));
    return this;
  }

  proceed(): this {
    this.#watch.continued((ending) => this.endings.push(ending));
    return this;
  }

  /** Lets time pass, with the look at the terminal that is taken every second. */
  later(): this {
    this.#nowMs += LATER_MS;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const then of waiting) then();
    this.#watch.look();
    return this;
  }
}

const [ALL, INPUT, ERROR, NONE] = [[true, true, true], [true, false, false], [false, false, true], [
  false,
  false,
  false,
]];
const SHELL = { parentLives: false };
const LAUNCHER = { parentLives: true };

/** True if every SIGHUP so far was understood as this, at least one. */
function assertAll(process: Process, ending: Ending): void {
  assertEquals([...new Set(process.endings)], [ending]);
}

Deno.test("SIGHUP and SIGCONT, in any order, end a process with any stream on the terminal", () => {
  for (const streams of [ALL, INPUT, ERROR]) {
    assertAll(new Process(streams).close(SHELL).hangUp().proceed().later(), "terminalGone");
    assertAll(new Process(streams).close(SHELL).proceed().hangUp().later(), "terminalGone");
    assertAll(new Process(streams).close(LAUNCHER).hangUp().hangUp().proceed().later(), "terminalGone");
  }
});

Deno.test("a shell that takes its time to end sends the second SIGHUP late, with SIGCONT", () => {
  const process = new Process(ALL).close(LAUNCHER);
  process.close(SHELL).hangUp().later();
  assertEquals(process.endings, ["reload"]);
  process.hangUp().proceed();
  assertEquals(process.endings.at(-1), "terminalGone");
});

Deno.test("SIGHUP of a shell alone does not end a process in the background", () => {
  for (const streams of [ALL, INPUT, ERROR]) {
    assertAll(new Process(streams).close(SHELL).hangUp().later(), "reload");
  }
});

Deno.test("SIGHUP that a launcher passes on ends a process with output on the terminal", () => {
  for (const streams of [ALL, ERROR]) {
    assertAll(new Process(streams).close(LAUNCHER).hangUp().later(), "terminalGone");
  }
  assertAll(new Process(INPUT).close(LAUNCHER).hangUp().later(), "reload");
});

Deno.test("a process without a stream on the terminal, as under nohup, goes on", () => {
  assertAll(new Process(NONE).close(SHELL).hangUp().proceed().later(), "reload");
});

Deno.test("a process of a session without a terminal goes on", () => {
  assertAll(new Process(ALL, false).close(LAUNCHER).hangUp().proceed().later(), "reload");
});

Deno.test("SIGHUP while the terminal is there, or long after its end, reloads at once", () => {
  assertEquals(new Process(ALL).hangUp().endings, ["reload"]);
  assertEquals(new Process(ALL).close(LAUNCHER).later().later().hangUp().endings, ["reload"]);
});

Deno.test("SIGCONT alone, as after a stop in the foreground, means nothing", () => {
  assertEquals(new Process(ALL).proceed().later().endings, []);
  assertEquals(new Process(ALL).hangUp().later().proceed().endings, ["reload"]);
});

Deno.test("where the system tells nothing of the foreground, lost output ends the process", () => {
  assertAll(new Process(ERROR, true, false).close(SHELL).hangUp().later(), "terminalGone");
  assertAll(new Process(INPUT, true, false).close(SHELL).hangUp().later(), "reload");
});
