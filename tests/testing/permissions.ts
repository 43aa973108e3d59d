/**
 * Registers tests by the permissions that they need. A bare `deno test` grants none, and reports the tests
 * that need some as ignored, with the reason.
 *
 * @module
 */

/** Permissions of tests that start programs and talk to them. */
const NEEDED: readonly Deno.PermissionDescriptor[] = [
  { name: "net", host: "127.0.0.1" },
  { name: "read" },
  { name: "write" },
  { name: "run" },
];

/**
 * Registers a test with real processes, sockets and files; ignored, with the reason in its name, without the
 * permissions.
 *
 * @param also further permissions of this test
 */
export function processTest(
  name: string,
  run: (test: Deno.TestContext) => Promise<void>,
  also: readonly Deno.PermissionDescriptor[] = [],
): void {
  const missing = [...NEEDED, ...also]
    .filter((permission) => Deno.permissions.querySync(permission).state !== "granted")
    .map((permission) => permission.name === "net" ? `net of ${permission.host}` : permission.name);
  const ignore = missing.length > 0;
  const reason = ignore
    ? ` (ignored: needs the permissions ${missing.join(", ")}, which deno task test gives)`
    : "";
  Deno.test({ name: `${name}${reason}`, ignore, fn: run });
}
