/**
 * Checks that the runtime supports TLS between nodes.
 *
 * @module
 */

/** The first version of Deno whose HTTP/2 has TLS at both ends; found by trying every one since 2.7.11. */
const SINCE = [2, 7, 14] as const;

/** True if nodes can use certificates among each other. @param version version of Deno, as `2.9.6` */
export function canUseCertificates(version: string): boolean {
  const parts = version.split(/[.+-]/).map(Number);
  for (const [i, least] of SINCE.entries()) {
    const part = parts[i] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/** The reason why a node with certificates cannot start on a version of Deno; `undefined` if it can. */
export function runtimeProblem(name: string, version: string): string | undefined {
  if (canUseCertificates(version)) return undefined;
  return `${name} has "certificates", which nodes cannot use among each other on Deno ${version}, on which this ` +
    `runs; take Deno ${SINCE.join(".")} or newer, or an executable that was compiled with it`;
}
