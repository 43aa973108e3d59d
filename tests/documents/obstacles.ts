/**
 * What keeps blocks from being run on this machine.
 *
 * @module
 */

import { DOWNLOADED_TARGET } from "./document_folder.ts";
import { type FolderName, type Need, NEEDS } from "./marker.ts";

/** The ports of `cluster_config.json` and of the examples: documents use them as they are. */
const PORTS = [5000, 5001, 5002, 5443, 50_051, 50_052, 50_053];

/** Which ports of the documents somebody else listens on. */
export function portsTaken(): number[] {
  return PORTS.filter((port) => {
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return false;
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) return true;
      throw error;
    }
  });
}

/** Why what is in a folder cannot be run on this platform; undefined where it can. */
export function otherPlatform(folder: FolderName, target: string): string | undefined {
  if (folder !== "download" || target === DOWNLOADED_TARGET) return undefined;
  return `it downloads what is for ${DOWNLOADED_TARGET}, and this is ${target}`;
}

/** Why this machine lacks what a block needs; undefined if it does not. */
export async function missing(needs: readonly Need[]): Promise<string | undefined> {
  for (const need of needs) if (!await isThere(need)) return `needs ${need}: ${NEEDS[need].join(" ")} fails`;
  return undefined;
}

async function isThere(need: Need): Promise<boolean> {
  const [program, ...args] = NEEDS[need];
  try {
    return (await new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}
