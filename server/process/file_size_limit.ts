/**
 * The size limit of files, as `ulimit -f` sets it.
 *
 * @module
 */

/**
 * Lets a write beyond the limit fail, as a write to a full disk does. Without a listener the system ends the process
 * (https://man7.org/linux/man-pages/man2/setrlimit.2.html, `RLIMIT_FSIZE`).
 */
export function outliveFileSizeLimit(): void {
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGXFSZ", () => {});
}
