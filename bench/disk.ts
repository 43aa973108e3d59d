/**
 * The disk that the server's data is on: everything is synced before it is answered, so its speed is in every
 * figure.
 *
 * @module
 */

import type { Report } from "./report.ts";
import { percentiles } from "./statistics.ts";

const WRITES = 500;

/** Bytes of a write: about one message in the log. */
const WRITE_BYTES = 400;

/** File systems that are memory: a sync costs nothing there, and a figure taken there says nothing. */
const IN_MEMORY = ["tmpfs", "ramfs"];

/** A new folder for data, on a disk. @throws {Error} if there is none */
export async function makeDataFolder(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "chat-bench-" });
  const type = fileSystemOf(folder);
  if (!IN_MEMORY.includes(type)) return folder;
  await Deno.remove(folder);
  throw new Error(`${folder} is ${type}, which is no disk; set TMPDIR to a folder that is on one`);
}

/** What a write and its sync cost there. */
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

/** Type of the file system that a path is on (proc(5), mounts). */
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
