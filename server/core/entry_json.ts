/**
 * The JSON of an entry that this node makes.
 *
 * @module
 */

import type { Entry } from "./entry.ts";

/**
 * The entry's members in their order, as `JSON.stringify` has them. Messages are most of all entries, and are
 * put together by hand in half the time.
 */
export function entryJson(entry: Entry): string {
  if (entry.type !== "messageSent" || entry.digest !== undefined) return JSON.stringify(entry);
  const { seq, stamp } = entry;
  const origin = JSON.stringify(entry.origin);
  const id = JSON.stringify(entry.id);
  const from = JSON.stringify(entry.from);
  const to = JSON.stringify(entry.to);
  const content = JSON.stringify(entry.content);
  const at = entry.at === undefined ? "" : `,"at":${entry.at}`;
  return `{"origin":${origin},"seq":${seq},"stamp":${stamp},"type":"messageSent","id":${id},"from":${from},` +
    `"to":${to},"content":${content}${at}}`;
}
