/**
 * The extent of tests: small in an ordinary run, large in a soak.
 *
 * @module
 */

/** `deno task soak` sets it. */
const SOAK: Deno.EnvPermissionDescriptor = { name: "env", variable: "SOAK" };

/**
 * Chooses a number by the kind of run.
 *
 * @param test number in an ordinary run
 * @param soak number in a soak
 */
export function scale(test: number, soak: number): number {
  const isKnown = Deno.permissions.querySync(SOAK).state === "granted";
  return isKnown && Deno.env.get("SOAK") === "1" ? soak : test;
}
