/**
 * Tests that need threads. A thread loads its modules itself, which takes the permission read.
 *
 * @module
 */

const WORKER = new URL("./worker.ts", import.meta.url);

/** Registers a test that runs workers; ignored, with the reason in its name, without the permission. */
export function workerTest(name: string, fn: () => Promise<void>): void {
  const ignore = Deno.permissions.querySync({ name: "read", path: WORKER }).state !== "granted";
  const reason = ignore ? " (ignored: needs the permission read, which deno task test gives)" : "";
  Deno.test({ name: `${name}${reason}`, ignore, fn });
}
