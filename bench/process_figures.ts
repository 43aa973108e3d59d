/**
 * Figures of a process from the kernel (proc(5), Linux).
 *
 * @module
 */

/** Clock ticks a second in `/proc/PID/stat`: 100 for every program, independent of the kernel's own clock. */
const TICKS_PER_SECOND = 100;

/** Processor time of all threads of a process so far, user and kernel mode, ms, in steps of 10. */
export function processorMs(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  // The program's name, in parentheses, comes second and may contain any character.
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

/** Load average of the last minute. */
export function loadAverage(): number {
  return Number(Deno.readTextFileSync("/proc/loadavg").split(" ")[0]);
}
