/**
 * Entries as they come from a peer: whether they fit what is here.
 *
 * @module
 */

import type { Entry, Place } from "../core/entry.ts";
import { isEntry } from "../core/entry_check.ts";
import type { Reached, Version } from "../core/version.ts";
import type { EntriesMessage } from "../ports/peer_message.ts";

/** What is new among them; or a place at which two nodes differ; or what is wrong. */
export type Received =
  | { readonly entries: readonly Entry[] }
  | { readonly fork: Place }
  | { readonly problem: string };

/**
 * Looks at a message of entries.
 *
 * @param version what is folded here
 */
export function receive(message: EntriesMessage, version: Version): Received {
  const sent = parse(message);
  if (typeof sent === "string") return { problem: sent };
  const here = new Map<string, Reached | undefined>();
  for (const { origin } of sent) if (!here.has(origin)) here.set(origin, version.get(origin));
  for (const previous of message.previous) {
    const known = here.get(previous.origin);
    if (known === undefined || known.seq < previous.seq) {
      const { origin, seq } = previous;
      return { problem: `the entries follow ${origin}/${seq}, but the last one here is ${known?.seq ?? 0}` };
    }
    if (known.seq === previous.seq && known.stamp !== previous.stamp) return { fork: previous };
  }
  const entries: Entry[] = [];
  for (const entry of sent) {
    const { origin, seq, stamp } = entry;
    const known = here.get(origin);
    if (known !== undefined && seq <= known.seq) {
      if (seq === known.seq && stamp !== known.stamp) return { fork: { origin, seq, stamp } };
      continue;
    }
    here.set(origin, { seq, stamp });
    entries.push(entry);
  }
  return { entries };
}

function parse({ lines, count }: EntriesMessage): Entry[] | string {
  const entries: Entry[] = [];
  for (const line of lines.split("\n")) {
    const entry = parseEntry(line);
    if (entry === undefined) return "a line is no entry";
    entries.push(entry);
  }
  return entries.length === count ? entries : `${count} entries were announced and ${entries.length} came`;
}

function parseEntry(line: string): Entry | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return isEntry(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}
