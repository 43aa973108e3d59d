/**
 * TCP sockets that a process has open, as Linux counts them.
 *
 * @module
 */

/** Number of descriptors of TCP sockets over IPv4. @param pid process; this one unless given */
export function openSockets(pid: number | "self" = "self"): number {
  const inodes = new Set(
    Deno.readTextFileSync(`/proc/${pid}/net/tcp`).split("\n").map((line) => line.trim().split(/\s+/)[9]),
  );
  let count = 0;
  for (const { name } of Deno.readDirSync(`/proc/${pid}/fd`)) {
    try {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(Deno.readLinkSync(`/proc/${pid}/fd/${name}`)) ?? [];
      if (inode !== undefined && inodes.has(inode)) count++;
    } catch {
      // Closed since the folder was read, as the folder itself.
    }
  }
  return count;
}
