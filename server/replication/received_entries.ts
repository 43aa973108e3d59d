/**
 * Entries that a peer has sent: reads them, and finds those that are new here.
 *
 * @module
 */

import { detached, type EncodedEntry, ENTRY_BYTES_MAX } from "../core/encoded_entry.ts";
import { ORIGINS_MAX } from "../core/entry.ts";
import { parseEntry } from "../core/entry_text.ts";
import { advance, type ChainedPlace, type Reached, type Version } from "../core/version.ts";
import type { EntriesMessage } from "../ports/peer_message.ts";
import type { Forks } from "./forks.ts";

const LINE_FEED = 10;

const encoder = new TextEncoder();

/** A byte order mark is kept in the text, where it is no JSON: dropped, it would get into the log. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Stands for malformed bytes in the text, unless it was there. */
const REPLACEMENT = "\ufffd";

/**
 * The new entries of a message, without those of forked origins, and the places at which the peer has other entries
 * than this node; or a problem.
 */
type Received =
  | { readonly entries: readonly EncodedEntry[]; readonly forked: readonly ChainedPlace[] }
  | { readonly problem: string };

/**
 * Reads a message of entries.
 *
 * @param message its bytes become those of the entries
 * @param version of the state here
 */
export function receive(
  message: EntriesMessage,
  version: Version,
  forks: Pick<Forks, "compare" | "isMarked">,
): Received {
  const sent = parse(message);
  if (typeof sent === "string") return { problem: sent };
  const here = new Map<string, Reached | undefined>();
  for (const { entry: { origin } } of sent) if (!here.has(origin)) here.set(origin, version.get(origin));
  const forked = new Map<string, ChainedPlace>();
  const compare = (place: ChainedPlace): void => {
    if (!forked.has(place.origin) && forks.compare(place) === "other") forked.set(place.origin, place);
  };
  const isLeftOut = (origin: string): boolean => forked.has(origin) || forks.isMarked(origin);
  const passed = new Map<string, Reached>();
  for (const previous of message.previous) {
    const { origin, seq } = previous;
    const known = here.get(origin);
    compare(previous);
    passed.set(origin, previous);
    if ((known?.seq ?? 0) < seq && !isLeftOut(origin)) {
      return { problem: `the entries follow ${origin}/${seq}, but the last one here is ${known?.seq ?? 0}` };
    }
  }
  const entries: EncodedEntry[] = [];
  for (const encoded of sent) {
    const { origin, seq, stamp } = encoded.entry;
    if (isLeftOut(origin)) continue;
    const known = here.get(origin);
    const isNew = known === undefined || seq > known.seq;
    if (!isNew) advance(passed, encoded.entry);
    const place = { origin, seq, stamp, chain: isNew ? undefined : passed.get(origin)?.chain };
    if (known?.seq === seq && known.stamp !== stamp) forked.set(origin, place);
    compare(place);
    if (!isNew || isLeftOut(origin)) continue;
    here.set(origin, { seq, stamp });
    entries.push(encoded);
  }
  if (countOrigins(version, here) > ORIGINS_MAX) {
    return { problem: `the entries are of more than ${ORIGINS_MAX} origins, which is the limit` };
  }
  // The bound of the recent entries counts their JSON alone.
  const kept = entries.length === sent.length ? entries : entries.map(detached);
  return {
    entries: forked.size === 0 ? kept : kept.filter(({ entry }) => !isLeftOut(entry.origin)),
    forked: [...forked.values()],
  };
}

function countOrigins(version: Version, here: ReadonlyMap<string, unknown>): number {
  let count = version.size;
  for (const origin of here.keys()) if (!version.has(origin)) count++;
  return count;
}

/** The entries of a message, or the problem with it. */
function parse({ lines, count }: EntriesMessage): EncodedEntry[] | string {
  const text = decode(lines);
  if (text === undefined) return "the lines are not UTF-8";
  const texts = text.split("\n");
  if (texts.length !== count) return `${count} entries were announced and ${texts.length} came`;
  // In ASCII, which most lines are, positions in the text are positions in the bytes.
  const isAscii = text.length === lines.length;
  const entries: EncodedEntry[] = [];
  let start = 0;
  for (const text of texts) {
    const end = isAscii ? start + text.length : lineEnd(lines, start);
    if (end - start > ENTRY_BYTES_MAX) {
      return `a line of ${end - start} bytes is over the ${ENTRY_BYTES_MAX} allowed`;
    }
    const entry = parseEntry(text);
    if (typeof entry === "string") return `a line is no entry: ${entry}`;
    entries.push({ entry, json: lines.subarray(start, end) });
    start = end + 1;
  }
  return entries;
}

/** Decodes strictly, in a tenth of the time that a decoder of the runtime takes which is told to be strict. */
function decode(lines: Uint8Array): string | undefined {
  const text = decoder.decode(lines);
  return text.includes(REPLACEMENT) && !isEqual(encoder.encode(text), lines) ? undefined : text;
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function lineEnd(lines: Uint8Array, start: number): number {
  const end = lines.indexOf(LINE_FEED, start);
  return end < 0 ? lines.length : end;
}
