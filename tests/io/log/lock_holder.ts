/**
 * Locks the data folder in its argument, reports it, and holds the lock until it is killed.
 *
 * @module
 */

import { lockDataFolder } from "../../../server/log/lock.ts";

const [folder = "."] = Deno.args;
try {
  lockDataFolder(folder, { node: `node${Deno.pid}`, pid: Deno.pid, startedMs: Date.now() });
  console.log(JSON.stringify({ locked: true, pid: Deno.pid }));
  setInterval(() => {}, 60_000);
} catch (error) {
  console.log(JSON.stringify({ locked: false, pid: Deno.pid, message: (error as Error).message }));
}
