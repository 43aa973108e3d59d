/**
 * SIGHUP: a request to reload the configuration, or the end of the terminal.
 *
 * @module
 */

import { type Ending, TerminalWatch } from "./terminal_watch.ts";

/** The two meanings of SIGHUP. */
interface HangUp {
  /** Reloads the configuration. */
  reload(): void;
  /** Handles the end of the terminal in which the program was started. */
  terminalGone(): void;
}

/** Interval at which the standard streams are compared with their terminal, ms. */
const LOOK_MS = 1_000;

/**
 * Calls back at every SIGHUP. The system sends the same signal when the terminal of the program is closed; on
 * Windows it has no other meaning: see `shutdownSignals`.
 */
export function onHangUp({ reload, terminalGone }: HangUp): void {
  const { os } = Deno.build;
  if (os === "windows") return;
  const watch = new TerminalWatch({
    hasTerminal: hasControllingTerminal(),
    tellsForeground: os === "linux",
    terminals: () => [Deno.stdin, Deno.stdout, Deno.stderr].map((stream) => stream.isTerminal()),
    parent: () => Deno.ppid,
    nowMs: () => performance.now(),
    after: (ms, then) => void setTimeout(then, ms),
  });
  const act = (ending: Ending): void => ending === "terminalGone" ? terminalGone() : reload();
  Deno.addSignalListener("SIGHUP", () => watch.hungUp(act));
  Deno.addSignalListener("SIGCONT", () => watch.continued(act));
  Deno.unrefTimer(setInterval(() => watch.look(), LOOK_MS));
}

/** False for a process of a session without a terminal, as under `setsid` and systemd. */
function hasControllingTerminal(): boolean {
  try {
    Deno.openSync("/dev/tty").close();
    return true;
  } catch (error) {
    // Not everywhere may a program without all permissions open it.
    return error instanceof Deno.errors.NotCapable;
  }
}
