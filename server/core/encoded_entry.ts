/**
 * An entry with its JSON, which is made once: the log, the feeds to the peers and the logs of the peers have
 * these bytes.
 *
 * @module
 */

import { assert } from "../../common/errors.ts";
import type { Entry } from "./entry.ts";
import { entryJson } from "./entry_json.ts";

/**
 * Longest JSON of an entry, bytes. A line of the log and a message between nodes have 1 MiB; 8 KiB of it are
 * for what they say beside the entry.
 */
export const ENTRY_BYTES_MAX = 1_040_384;

/** Memory that short entries share, bytes. */
const CHUNK_BYTES = 65_536;

/** UTF-16 units of an entry that gets memory of its own: it would waste the rest of a chunk. */
const LONG_UNITS = 4_096;

/** UTF-8 takes at most three bytes for one UTF-16 unit. */
const BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();

/** An entry with its own JSON. */
export interface EncodedEntry {
  readonly entry: Entry;
  /** UTF-8, without the members that a line of the log adds; never changed. */
  readonly json: Uint8Array;
}

/** Encodes one entry. */
export function encodeEntry(entry: Entry): EncodedEntry {
  return { entry, json: encoder.encode(entryJson(entry)) };
}

/** A copy whose bytes keep nothing else alive: those of a received entry are a part of its whole message. */
export function detached({ entry, json }: EncodedEntry): EncodedEntry {
  return { entry, json: json.slice() };
}

/** Encodes many entries, in half the time: short ones share memory. */
export class EntryEncoder {
  #chunk = new Uint8Array(CHUNK_BYTES);
  #used = 0;

  /** Encodes an entry. Its bytes keep at most one chunk alive. */
  encode(entry: Entry): EncodedEntry {
    const text = entryJson(entry);
    const json = text.length > LONG_UNITS ? encoder.encode(text) : this.#encodeShort(text);
    assert(json.length <= ENTRY_BYTES_MAX, `an entry of ${json.length} bytes is over ${ENTRY_BYTES_MAX}`);
    return { entry, json };
  }

  #encodeShort(text: string): Uint8Array {
    if (this.#used + text.length * BYTES_PER_UNIT > CHUNK_BYTES) {
      this.#chunk = new Uint8Array(CHUNK_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += encoder.encodeInto(text, this.#chunk.subarray(start)).written;
    return this.#chunk.subarray(start, this.#used);
  }
}
