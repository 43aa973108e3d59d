/**
 * Speed of the disk under the server's data: a server syncs before it answers, so it is part of every figure.
 *
 * @module
 */

import type { Report } from "./report.ts";
import { percentiles } from "./statistics.ts";

const WRITES = 500;

/** Length of a write, bytes: about one message in the log. */
const WRITE_BYTES = 400;

/** File systems in memory: a sync is free there, so figures would mean nothing. */
const IN_MEMORY = ["tmpfs", "ramfs"];

/** Creates a temporary folder on a disk. @throws {Error} if the temporary folder is in memory */
export async function makeDataFolder(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "chat-bench-" });
  const type = fileSystemOf(folder);
  if (!IN_MEMORY.includes(type)) return folder;
  await Deno.remove(folder);
  throw new Error(`${folder} is ${type}, which is no disk; set TMPDIR to a folder that is on one`);
}

/** Measures one write and its sync in a folder. */
export async function measureDisk(folder: string): Promise<Report> {
  const path = `${folder}/disk`;
  const bytes = new Uint8Array(WRITE_BYTES).fill(0x61);
  const times: number[] = [];
  {
    using file = await Deno.open(path, { append: true, create: true });
    for (let i = 0; i < WRITES; i++) {
      const startMs = performance.now();
      file.writeSync(bytes);
      await file.syncData();
      times.push(performance.now() - startMs);
    }
  }
  await Deno.remove(path);
  const [p50, p99] = percentiles(times, [0.5, 0.99]).map((ms) => ms.toFixed(2));
  return {
    title: "The disk",
    notes: [
      `${WRITES} times ${WRITE_BYTES} bytes appended to a file in ${folder} (${fileSystemOf(folder)}).`,
    ],
    findings: [{ what: "write and fdatasync, p50 / p99", figure: `${p50} / ${p99} ms` }],
  };
}

/** Type of the file system that holds a path (proc(5), mounts). */
function fileSystemOf(path: string): string {
  const real = Deno.realPathSync(path);
  let best = { point: "", type: "unknown" };
  for (const line of Deno.readTextFileSync("/proc/self/mounts").trim().split("\n")) {
    const [, point = "", type = ""] = line.split(" ");
    const holds = real === point || real.startsWith(point.endsWith("/") ? point : `${point}/`);
    if (holds && point.length >= best.point.length) best = { point, type };
  }
  return best.type;
}
