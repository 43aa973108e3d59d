/**
 * Processes that tests have caused, and do not hold.
 *
 * @module
 */

/** True while a process runs: one that has ended may stay in the system's table until its parent asks for its status. */
export async function isRunning(pid: number): Promise<boolean> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", `${pid}`] }).output();
  const state = new TextDecoder().decode(stdout).trim();
  return state !== "" && !state.startsWith("Z");
}
