/**
 * Data folders with a stored log, made once and kept below the system's temporary folder for later runs.
 *
 * @module
 */

import type { HistorySize } from "./stored_history.ts";
import { writeStoredLog } from "./stored_log.ts";

/** Part of the name of kept folders: raised whenever the history of a size changes. */
const FORMAT = 1;

/** Lengths of the parts of a data folder, bytes. */
interface FolderBytes {
  readonly log: number;
  readonly archive: number;
}

/**
 * The kept data folder of a history; writes its log if it is missing.
 *
 * @param temporary folder for kept folders; that of the system unless given
 */
export async function storedFolder(size: HistorySize, temporary = temporaryFolder()): Promise<string> {
  const { messages, accounts, conversations } = size;
  const data = `${temporary}/chat-bench-storage-${FORMAT}-${messages}-${accounts}-${conversations}`;
  if (await exists(data)) return data;
  // A folder under its name is whole.
  const unfinished = `${data}.new`;
  if (await exists(unfinished)) await Deno.remove(unfinished, { recursive: true });
  await writeStoredLog(unfinished, size);
  await Deno.rename(unfinished, data);
  return data;
}

/**
 * Copies a data folder of a node that does not run. Segments that are never written to again are shared, so only
 * the archive and the last segment take time and room.
 *
 * @param to a folder of the same file system, which is made
 */
export async function copyDataFolder(from: string, to: string): Promise<void> {
  for (const folder of ["log", "archive"]) {
    await Deno.mkdir(`${to}/${folder}`, { recursive: true, mode: 0o700 });
  }
  const segments = (await filesIn(`${from}/log`)).filter((name) => name.endsWith(".jsonl"));
  const last = segments.pop();
  for (const name of segments) await Deno.link(`${from}/log/${name}`, `${to}/log/${name}`);
  if (last !== undefined) await Deno.copyFile(`${from}/log/${last}`, `${to}/log/${last}`);
  if (await exists(`${from}/clean`)) await Deno.copyFile(`${from}/clean`, `${to}/clean`);
  for (const name of await filesIn(`${from}/archive`)) {
    await Deno.copyFile(`${from}/archive/${name}`, `${to}/archive/${name}`);
  }
}

/** Lengths of the log and of everything in `archive/`. */
export async function folderBytes(data: string): Promise<FolderBytes> {
  const bytesOf = async (folder: string): Promise<number> => {
    const names = await filesIn(`${data}/${folder}`);
    const sizes = await Promise.all(names.map((name) => Deno.stat(`${data}/${folder}/${name}`)));
    return sizes.reduce((sum, { size }) => sum + size, 0);
  };
  return { log: await bytesOf("log"), archive: await bytesOf("archive") };
}

/** The names of the files in a folder, in order; none if it is missing. */
async function filesIn(folder: string): Promise<string[]> {
  if (!await exists(folder)) return [];
  const items = await Array.fromAsync(Deno.readDir(folder));
  return items.filter(({ isFile }) => isFile).map(({ name }) => name).sort();
}

function temporaryFolder(): string {
  return Deno.env.get("TMPDIR") ?? "/tmp";
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
