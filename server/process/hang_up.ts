/**
 * SIGHUP: the configuration is to be read again, or the terminal is gone.
 *
 * @module
 */

/** What SIGHUP can mean. */
interface HangUp {
  /** The configuration is to be read again. */
  reload(): void;
  /** The terminal that the program was started in is gone. */
  terminalGone(): void;
}

/**
 * Calls back at every SIGHUP. Where the program runs in a terminal and that is closed, the system sends the same
 * signal. Windows knows it for that only: see `shutdownSignals`.
 */
export function onHangUp({ reload, terminalGone }: HangUp): void {
  if (Deno.build.os === "windows") return;
  const inTerminal = Deno.stderr.isTerminal();
  Deno.addSignalListener("SIGHUP", () => {
    if (inTerminal && !Deno.stderr.isTerminal()) terminalGone();
    else reload();
  });
}
