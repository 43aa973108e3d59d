/**
 * A server whose system calls fail or take long, by strace: the wrapper for `ServerProcess`, and the record of the calls.
 *
 * @module
 */

/** The reason why strace cannot run here; `undefined` if it can. */
export async function whyNoStrace(): Promise<string | undefined> {
  if (Deno.permissions.querySync({ name: "run" }).state !== "granted") return "needs the permission run";
  try {
    const { success } = await new Deno.Command("strace", { args: ["-qq", "true"], stderr: "null" }).output();
    return success ? undefined : "needs the right to trace processes";
  } catch {
    return "needs strace";
  }
}

/** Calls that fail from a certain one on. */
export interface FailingCalls {
  readonly call: "fdatasync" | "write";
  /** Number of the first failing call, counted in each thread. */
  readonly from: number;
  /** Only calls on this file. */
  readonly path?: string;
  /** Record that strace writes. */
  readonly record: string;
}

/** Delay of a failing call, us: long enough to catch a server that answers too early. */
const DELAY_US = 150_000;

/** The words to put before those of the server. */
export function straceOf({ call, from, path, record }: FailingCalls): string[] {
  const only = path === undefined ? [] : ["-P", path];
  const fault = `inject=${call}:error=EIO:delay_enter=${DELAY_US}:when=${from}+`;
  return ["strace", "-f", "-qq", "--seccomp-bpf", "-o", record, ...only, "-e", `trace=${call}`, "-e", fault];
}

/**
 * The words to put before those of a server whose disk takes a while for each sync.
 *
 * @param record file that strace writes
 */
export function slowSyncs(ms: number, record: string): string[] {
  const delay = `inject=fdatasync:delay_enter=${ms * 1_000}`;
  return ["strace", "-f", "-qq", "--seccomp-bpf", "-o", record, "-e", "trace=fdatasync", "-e", delay];
}

/** Delay of a call that hangs, us: longer than any test waits. */
const HANG_US = 600_000_000;

/**
 * The words to put before those of a server whose reads of a file hang.
 *
 * @param from number of the first read that hangs, counted in each thread
 * @param record file that strace writes
 */
export function hangingReads(path: string, from: number, record: string): string[] {
  const hang = `inject=pread64:delay_enter=${HANG_US}:when=${from}+`;
  return [
    "strace",
    "-f",
    "-qq",
    "--seccomp-bpf",
    "-o",
    record,
    "-P",
    path,
    "-e",
    "trace=pread64",
    "-e",
    hang,
  ];
}

/** Counts of the calls that succeeded, and of those that strace made fail. */
export async function recordedCalls(
  record: string,
): Promise<{ readonly succeeded: number; readonly failed: number }> {
  const lines = (await Deno.readTextFile(record)).split("\n");
  const succeeded = lines.filter((line) => / = \d+( |$)/.test(line)).length;
  return { succeeded, failed: lines.filter((line) => line.includes("(INJECTED)")).length };
}

/** Ends the process that holds a data folder: the end of strace leaves the traced program running. */
export async function endHolder(data: string): Promise<void> {
  const { pid } = JSON.parse(await Deno.readTextFile(`${data}/lock`));
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // It has ended already, as it should have.
  }
}
