/**
 * Words the reason why an address cannot be listened on.
 *
 * @module
 */

/**
 * The end of a sentence that names the address: the reason, and the way out if there is one.
 *
 * @param error error of the runtime
 * @param where place to choose another port, as `in the configuration`
 */
export function listenProblem(error: unknown, where: string): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return `, which another program has: stop that program, or choose another port ${where}`;
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return ", which is no address of this machine: if another node is meant, name it with --node NAME";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return ", which the system does not let this user do: choose a port above 1023, or give it the right to";
  }
  return `: ${error instanceof Error ? error.message : error}`;
}
