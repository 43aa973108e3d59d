/**
 * Reasons why blocks of a document cannot run on this machine.
 *
 * @module
 */

import { DOWNLOADED_TARGET } from "./document_folder.ts";
import { type FolderName, type Need, NEEDS } from "./marker.ts";

/** The reason why the content of a folder cannot run on this platform; `undefined` if it can. */
export function otherPlatform(folder: FolderName, target: string): string | undefined {
  if (folder !== "download" || target === DOWNLOADED_TARGET) return undefined;
  return `it downloads what is for ${DOWNLOADED_TARGET}, and this is ${target}`;
}

/** The first program that a block needs and this machine lacks, as a reason; `undefined` if it has them all. */
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
