/**
 * SIGHUP: a request to reload the configuration, or the end of the terminal.
 *
 * @module
 */

/** The two meanings of SIGHUP. */
interface HangUp {
  /** Reloads the configuration. */
  reload(): void;
  /** Handles the end of the terminal in which the program was started. */
  terminalGone(): void;
}

/**
 * Calls back at every SIGHUP. The system sends the same signal when the terminal of the program is closed; on
 * Windows it has no other meaning: see `shutdownSignals`.
 */
export function onHangUp({ reload, terminalGone }: HangUp): void {
  if (Deno.build.os === "windows") return;
  const inTerminal = Deno.stderr.isTerminal();
  Deno.addSignalListener("SIGHUP", () => {
    if (inTerminal && !Deno.stderr.isTerminal()) terminalGone();
    else reload();
  });
}
