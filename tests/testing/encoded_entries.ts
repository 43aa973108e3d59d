/**
 * Entries and their JSON, as the log and the peers hold them.
 *
 * @module
 */

import { type EncodedEntry, encodeEntry } from "../../server/core/encoded_entry.ts";
import type { Entry } from "../../server/core/entry.ts";

/** Encodes entries one by one. */
export function encoded(entries: readonly Entry[]): EncodedEntry[] {
  return entries.map(encodeEntry);
}

/** The texts of the lines of a message between nodes. */
export function linesOf(bytes: Uint8Array): string[] {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).split("\n");
}

/** Joins texts to the lines of a message between nodes. */
export function joinedLines(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.join("\n"));
}

/** Joins entries to the lines of a message between nodes. */
export function linesOfEntries(entries: readonly Entry[]): Uint8Array {
  return joinedLines(entries.map((entry) => JSON.stringify(entry)));
}
