/**
 * What the kernel says of a process (proc(5), Linux).
 *
 * @module
 */

/** Clock ticks a second in `/proc/PID/stat`: the kernel shows 100 to every program, whatever its own clock. */
const TICKS_PER_SECOND = 100;

/** Processor time of all threads of a process so far, in user and kernel mode, ms; steps of 10 ms. */
export function processorMs(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  // The name of the program comes second, in parentheses, and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return ticks * 1_000 / TICKS_PER_SECOND;
}

/** Resident memory of a process, bytes. */
export function residentBytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
  if (kibibytes === undefined) throw new Error(`/proc/${pid}/status says nothing of VmRSS`);
  return Number(kibibytes) * 1_024;
}

/** Processes that would run if there were a processor for each, on average over the last minute. */
export function loadAverage(): number {
  return Number(Deno.readTextFileSync("/proc/loadavg").split(" ")[0]);
}
