/**
 * One hash of a whole state, by which nodes are compared.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { State } from "../core/state.ts";
import { stateLines } from "../core/state_lines.ts";

/** Characters of one hash update: a call for each line would take longer than the hashing. */
const CHUNK_LENGTH = 65_536;

/** SHA-256 of the lines of a state, each with a line feed; hexadecimal. */
export function stateHash(state: State): string {
  const hash = createHash("sha256");
  let chunk = "";
  for (const line of stateLines(state)) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK_LENGTH) continue;
    hash.update(chunk);
    chunk = "";
  }
  return hash.update(chunk).digest("hex");
}
