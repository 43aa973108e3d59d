/**
 * How much a test does: little whenever somebody runs the tests, a lot in a soak.
 *
 * @module
 */

/** `deno task soak` sets it. */
const SOAK: Deno.EnvPermissionDescriptor = { name: "env", variable: "SOAK" };

/**
 * How many of something are done.
 *
 * @param test in a run of the tests
 * @param soak in a soak
 */
export function scale(test: number, soak: number): number {
  const isKnown = Deno.permissions.querySync(SOAK).state === "granted";
  return isKnown && Deno.env.get("SOAK") === "1" ? soak : test;
}
