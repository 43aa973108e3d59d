/**
 * The signal that tells a node to read its configuration again.
 *
 * @module
 */

/** Calls back at every SIGHUP. Windows has none: there it means that the console is closed. */
export function onReloadSignal(reload: () => Promise<void>): void {
  if (Deno.build.os === "windows") return;
  Deno.addSignalListener("SIGHUP", () => void reload());
}
