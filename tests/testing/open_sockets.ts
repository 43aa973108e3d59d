/**
 * TCP sockets that a process has open, as Linux counts them.
 *
 * @module
 */

/**
 * Number of descriptors of TCP sockets over IPv4.
 *
 * @param pid process, or this one
 * @param port the port that one of their ends has; any unless given
 */
export function openSockets(pid: number | "self", port?: number): number {
  const inodes = new Set(
    socketsOf(pid).filter(({ ports }) => port === undefined || ports.includes(port))
      .map(({ inode }) => inode),
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

/** The sockets of a process' network namespace, each with the ports of both ends. */
function socketsOf(pid: number | "self"): { readonly inode: string; readonly ports: readonly number[] }[] {
  const [, ...lines] = Deno.readTextFileSync(`/proc/${pid}/net/tcp`).trim().split("\n");
  return lines.map((line) => {
    const [, local = "", remote = "", , , , , , , inode = ""] = line.trim().split(/\s+/);
    return { inode, ports: [local, remote].map((end) => parseInt(end.split(":")[1] ?? "", 16)) };
  });
}
